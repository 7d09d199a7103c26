// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc

/// A limit for what a process can write to: touched or not, an allocation that does not fit ends the process.
public enum DataLimit {
    /// Lets the process have this much more than it has now; for a process that serves one test. False if that failed.
    ///
    /// `RLIMIT_DATA` and not `RLIMIT_AS`: the C library reserves 64 MiB of addresses for each thread's heap, into which
    /// allocations can grow.
    public static func set(toFurtherBytes byteCount: Int) -> Bool {
        guard let statistics = TestFile.bytes(path: "/proc/self/statm") else { return false }
        // Pages of data and stack.
        let fields = String(decoding: statistics, as: UTF8.self).split(separator: " ")
        guard fields.count > 5, let pageCount = Int(fields[5]) else { return false }
        let most = rlim_t(pageCount * sysconf(Int32(_SC_PAGESIZE)) + byteCount)
        var limit = rlimit(rlim_cur: most, rlim_max: most)
        // SAFETY: the structure lives during the call.
        return unsafe setrlimit(__rlimit_resource_t(RLIMIT_DATA.rawValue), &limit) == 0
    }
}
