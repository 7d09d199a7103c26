// SPDX-License-Identifier: MIT OR Apache-2.0

internal import Glibc
internal import Synchronization

/// An open file of the spool. Its end, as that of the process, releases its lock.
final class SpoolHandle: Sendable {
    /// What the file is.
    struct Status: Sendable {
        let device: UInt64
        let inode: UInt64
        let userID: UInt32
        let permissions: UInt32
        let isFile: Bool
        let byteCount: UInt64

        init(_ status: stat) {
            device = UInt64(status.st_dev)
            inode = UInt64(status.st_ino)
            userID = status.st_uid
            permissions = status.st_mode & 0o7777
            isFile = status.st_mode & S_IFMT == S_IFREG
            byteCount = UInt64(clamping: status.st_size)
        }

        func isSame(as other: Status) -> Bool { device == other.device && inode == other.inode }
    }

    /// Open as long as this is.
    let descriptor: Int32
    /// The process that has locked the file; 0 for none.
    private let locker = Atomic<pid_t>(0)

    /// Takes a descriptor, which nobody else closes.
    init(_ descriptor: Int32) {
        self.descriptor = descriptor
    }

    /// A child made by `fork` has the open file too, and with it the lock: closing would release that only when the child has
    /// closed its own, or become another program; and in a child it is not the child's to release.
    deinit {
        if locker.load(ordering: .relaxed) == getpid() { unlock() }
        close(descriptor)
    }

    func status() throws(SpoolCallError) -> Status {
        var status = stat()
        // SAFETY: the kernel fills a local of its type.
        try SpoolCall.run("fstat") { unsafe fstat(descriptor, &status) }
        return Status(status)
    }

    /// Has the file for this process alone, if no other has; the lock goes with the open file, so that the end of a process
    /// by whatever means releases it.
    func lock() throws(SpoolCallError) {
        try SpoolCall.run("flock") { flock(descriptor, LOCK_EX | LOCK_NB) }
        locker.store(getpid(), ordering: .relaxed)
    }

    func unlock() {
        flock(descriptor, LOCK_UN)
    }

    /// Gives the file its size before it has its bytes: others count it in full from now on.
    func resize(_ byteCount: Int) throws(SpoolCallError) {
        try SpoolCall.run("ftruncate") {
            SpoolCall.holdingFileSizeSignal { ftruncate(descriptor, byteCount) }
        }
    }

    /// Writes all of the bytes at a place.
    func write(_ bytes: [UInt8], at place: Int) throws(SpoolCallError) {
        // SAFETY: each write reads what is left of the bytes, during the call.
        let code = unsafe bytes.withUnsafeBytes { buffer -> Int32 in
            guard let start = buffer.baseAddress else { return 0 }
            var offset = 0
            while offset < buffer.count {
                let count = SpoolCall.holdingFileSizeSignal {
                    unsafe pwrite(descriptor, start + offset, buffer.count - offset, place + offset)
                }
                if count > 0 {
                    offset += count
                } else if count == 0 {
                    return EIO
                } else if errno != EINTR {
                    return errno
                }
            }
            return 0
        }
        if code != 0 { throw SpoolCallError(call: "write", code: code) }
    }

    /// Reads from the start, until so many bytes are there or the file ends.
    func read(_ byteCount: Int) throws(SpoolCallError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: byteCount)
        // SAFETY: each read fills what is left of the bytes, during the call.
        let (count, code) = unsafe bytes.withUnsafeMutableBytes { buffer -> (Int, Int32) in
            guard let start = buffer.baseAddress else { return (0, 0) }
            var offset = 0
            while offset < buffer.count {
                let count = unsafe pread(descriptor, start + offset, buffer.count - offset, offset)
                if count > 0 {
                    offset += count
                } else if count == 0 {
                    break
                } else if errno != EINTR {
                    return (offset, errno)
                }
            }
            return (offset, 0)
        }
        if code != 0 { throw SpoolCallError(call: "read", code: code) }
        if count < byteCount { bytes.removeLast(byteCount - count) }
        return bytes
    }

    /// Returns when the disk has what was written.
    func synchronize() throws(SpoolCallError) {
        try SpoolCall.run("fsync") { fsync(descriptor) }
    }
}
