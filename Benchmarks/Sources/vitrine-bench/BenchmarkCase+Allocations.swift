// SPDX-License-Identifier: MIT OR Apache-2.0

import BenchmarkHarness
import Foundation
import Vitrine

extension BenchmarkCase {
    private static let allocationsPerCall: Int32 = 100

    static let allocationsRecorded = BenchmarkCase(
        name: "allocations_recorded",
        summary:
            "one call that allocates and frees 100 times, each recorded with its stack, against the same unrecorded"
    ) { surroundings in
        let file = FileManager.default.temporaryDirectory.appending(path: "vitrine-bench-\(UUID().uuidString).trace")
        defer { try? FileManager.default.removeItem(at: file) }
        var recording = surroundings.builder
        recording.allocationTrace = .file(file.path)
        let recorded = try recording.build()
        let unrecorded = try surroundings.builder.build()
        return try figure(
            "allocations_recorded",
            surroundings.plan(rounds: 60, batch: 4),
            referenceName: "without recording",
            goal: nil,
            timing: { try Stopwatch.measure { try allocate(unrecorded) } }
        ) {
            try Stopwatch.measure { try allocate(recorded) }
        }
    }

    private static func allocate(_ sandbox: Sandbox) throws {
        let sum: Int64 = try sandbox.call("allocate", allocationsPerCall, Int32(64))
        try expect("allocations_recorded", sum != 0)
    }
}
