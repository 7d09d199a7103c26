// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc

/// What this process holds of the system's.
enum ProcessUsage {
    /// Open file descriptors.
    static var descriptorCount: Int { (0..<4096).count { fcntl(Int32($0), F_GETFD) >= 0 } }

    /// Whether no more than so many are open, or soon are: a probe of another test may have some for a moment.
    static func descriptorCount(comesDownTo count: Int) -> Bool {
        for _ in 0..<10_000 {
            if descriptorCount <= count { return true }
            usleep(1_000)
        }
        return false
    }

    /// Reserved address space in bytes: the first number of /proc/self/statm, in pages.
    static var addressSpaceByteCount: Int {
        // SAFETY: a constant path, opened for reading.
        let descriptor = unsafe open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return 0 }
        defer { close(descriptor) }
        var text = [UInt8](repeating: 0, count: 128)
        // SAFETY: the kernel writes at most as many bytes as the array has.
        let count = unsafe text.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
        let digits = text.prefix(max(count, 0)).prefix { $0 >= 0x30 && $0 <= 0x39 }
        return digits.reduce(0) { $0 * 10 + Int($1 - 0x30) } * 4096
    }
}
