// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation

/// What a table of figures has to name: the machine and the day.
enum Machine {
    /// Processor, processors, kernel.
    static var summary: String {
        let processor =
            (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8))?
            .split(separator: "\n").first { $0.hasPrefix("model name") }?
            .split(separator: ":", maxSplits: 1).last.map { $0.trimmingCharacters(in: .whitespaces) }
        let kernel = (try? String(contentsOfFile: "/proc/sys/kernel/osrelease", encoding: .utf8))?
            .trimmingCharacters(in: .whitespacesAndNewlines)
        let count = ProcessInfo.processInfo.activeProcessorCount
        return "\(processor ?? "unknown processor"), \(count) processors, Linux \(kernel ?? "unknown")"
    }

    /// The day in UTC, as ISO 8601 has it.
    static var date: String { String(Date.now.ISO8601Format().prefix(10)) }
}
