// SPDX-License-Identifier: MIT OR Apache-2.0

internal import Glibc

/// An open file at the end of which lines are written.
struct LogFile: ~Copyable {
    private let descriptor: Descriptor
    private let device: dev_t
    private let inode: ino_t
    /// How large it was when somebody last looked, and what was written since.
    private(set) var byteCount: UInt64
    /// Whether it is a file that grows and may be renamed, and not a pipe or a device in the place of one.
    let isRegular: Bool
    /// When it was last written before it was opened, in seconds since 1970.
    let modificationSecond: UInt64
    /// Whether a line was written in part.
    private var isInsideLine = false

    /// Opens a file, or makes it with the given permissions.
    init(path: String, permissions: UInt32) throws(LogSinkError) {
        guard !path.utf8.contains(0) else { throw LogSinkError(errno: EINVAL) }
        // A terminal in the place of the file must not become ours, nor a pipe without a reader stop us.
        let flags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK
        // SAFETY: the path is a C string for the call.
        let descriptor = unsafe open(path, flags, permissions)
        guard descriptor >= 0 else { throw LogSinkError(errno: errno) }
        var status = stat()
        // SAFETY: the kernel fills a local of its type.
        guard unsafe fstat(descriptor, &status) == 0 else {
            let number = errno
            close(descriptor)
            throw LogSinkError(errno: number)
        }
        self.descriptor = Descriptor(descriptor)
        isRegular = status.st_mode & S_IFMT == S_IFREG
        device = status.st_dev
        inode = status.st_ino
        byteCount = UInt64(clamping: status.st_size)
        modificationSecond = UInt64(clamping: status.st_mtim.tv_sec)
    }

    deinit { close(descriptor.number) }

    /// Whether the file is still the one of that path. Looks how large it is, too: somebody may have emptied it.
    mutating func isStill(at path: String) -> Bool {
        var status = stat()
        // SAFETY: the path is a C string for the call; the kernel fills a local of its type.
        guard unsafe stat(path, &status) == 0, status.st_dev == device, status.st_ino == inode else { return false }
        byteCount = UInt64(clamping: status.st_size)
        return true
    }

    /// Writes whole lines; says how many bytes went out, and why not all.
    mutating func write(_ lines: Swift.Span<UInt8>) -> (written: Int, errno: Int32) {
        if isInsideLine {
            let (written, number) = put([UInt8(ascii: "\n")].span)
            guard written == 1 else { return (0, number) }
            isInsideLine = false
        }
        let result = put(lines)
        if result.errno != 0, result.written > 0 { isInsideLine = lines[result.written - 1] != UInt8(ascii: "\n") }
        return result
    }

    private mutating func put(_ bytes: Swift.Span<UInt8>) -> (written: Int, errno: Int32) {
        let result = descriptor.write(bytes)
        byteCount += UInt64(result.written)
        return result
    }
}
