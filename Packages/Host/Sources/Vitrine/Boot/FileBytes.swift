// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc

/// Reads whole files, up to a limit.
enum FileBytes {
    /// Why a file could not be read.
    enum Failure: Error, Equatable {
        case systemCall(String, errno: Int32)
        case notAFile
        case tooLarge
    }

    /// The bytes of the regular file at `path`, if they are not more than a maximum.
    static func read(_ path: String, maximumByteCount: Int) throws(Failure) -> [UInt8] {
        // O_NONBLOCK: a named pipe must not make this wait for a writer; it has no effect on a file.
        // SAFETY: the compiler lends the path as a C string for the length of the call.
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw .systemCall("open", errno: errno) }
        defer { close(descriptor) }
        // Asked, not found out by `lseek`: that calls a directory of some file systems 2^63 - 1 bytes long.
        var status = stat()
        // SAFETY: the call fills a local of the type it expects.
        guard unsafe fstat(descriptor, &status) == 0 else { throw .systemCall("fstat", errno: errno) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .notAFile }
        let byteCount = Int(status.st_size)
        guard byteCount <= maximumByteCount else { throw .tooLarge }
        var failure: Int32 = 0
        // SAFETY: `read` is given the rest of the buffer, and `filled` counts what it reports to have written.
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: byteCount) { buffer, filled in
            while filled < byteCount {
                let rest = unsafe UnsafeMutableRawBufferPointer(
                    rebasing: UnsafeMutableRawBufferPointer(buffer)[filled...])
                let count = unsafe Glibc.read(descriptor, rest.baseAddress, rest.count)
                if count < 0, errno == EINTR { continue }
                if count < 0 { failure = errno }
                guard count > 0 else { return }
                filled += count
            }
        }
        if failure != 0 { throw .systemCall("read", errno: failure) }
        return bytes
    }

    /// What the C library says about an error number.
    static func describe(errno code: Int32) -> String {
        // SAFETY: strerror's text is copied at once; a race could at worst garble the words.
        guard let text = unsafe strerror(code) else { return "errno \(code)" }
        return unsafe "\(String(cString: text)) (errno \(code))"
    }
}
