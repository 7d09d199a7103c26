// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc

enum HostName {
    /// What the kernel calls this machine; nil if that is nothing, or no UTF-8. No name server is asked.
    static var current: String? {
        var bytes = [UInt8](repeating: 0, count: 256)
        // SAFETY: the kernel writes at most so many bytes, and the last stays zero.
        let code = unsafe bytes.withUnsafeMutableBytes { bytes in
            guard let first = bytes.baseAddress else { return -1 as Int32 }
            return unsafe gethostname(first.assumingMemoryBound(to: CChar.self), bytes.count - 1)
        }
        guard code == 0, let name = String(validating: bytes.prefix { $0 != 0 }, as: UTF8.self) else { return nil }
        return name.isEmpty ? nil : name
    }
}
