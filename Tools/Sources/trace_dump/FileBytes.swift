// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc

/// Reads files whole.
enum FileBytes {
    /// A file larger than this is refused: 4 GiB.
    private static let maximumByteCount: Int64 = 4 << 30

    static func read(_ path: String) throws(DumpError) -> [UInt8] {
        // SAFETY: the string's bytes live through the call.
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(path, errno) }
        defer { close(descriptor) }
        var status = stat()
        // SAFETY: status is a value of this frame.
        guard unsafe fstat(descriptor, &status) == 0 else { throw failure(path, errno) }
        guard status.st_mode & S_IFMT != S_IFDIR else { throw failure(path, EISDIR) }
        guard status.st_size <= maximumByteCount else { throw .badInput("\(path): larger than 4 GiB") }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Int(status.st_size))
        var buffer = [UInt8](repeating: 0, count: 1 << 18)
        while true {
            // SAFETY: the buffer is as large as the count says.
            let count = unsafe Glibc.read(descriptor, &buffer, buffer.count)
            if count < 0 {
                let code = errno
                if code == EINTR { continue }
                throw failure(path, code)
            }
            if count == 0 { return bytes }
            bytes += buffer[0..<count]
            guard bytes.count <= maximumByteCount else { throw .badInput("\(path): larger than 4 GiB") }
        }
    }

    private static func failure(_ path: String, _ code: Int32) -> DumpError {
        // SAFETY: strerror gives a C string that lives until its next call; it is copied at once.
        .badInput("\(path): \(unsafe String(cString: strerror(code)))")
    }
}
