// SPDX-License-Identifier: MIT OR Apache-2.0

import BenchmarkHarness
import Vitrine

extension BenchmarkCase {
    static let callAdd = BenchmarkCase(
        name: "call_add",
        summary: "one call of add(i64, i64) -> i64"
    ) { surroundings in
        let sandbox = try surroundings.builder.build()
        let floor = try surroundings.floor()
        return try figure(
            "call_add",
            surroundings.plan(rounds: 200, batch: 20),
            goal: .ratio(1.10),
            timing: floor.map { floor in
                { try Stopwatch.measure { try expect("call_add", try floor.add(40, 2) == 42) } }
            }
        ) {
            try Stopwatch.measure { try expect("call_add", try addition(sandbox) == 42) }
        }
    }

    static let hostCall = BenchmarkCase(
        name: "host_call",
        summary: "one call of a host function with two i64: from one of 100 in a guest's loop to the next"
    ) { surroundings in
        let arrivals = ArrivalTimes(capacity: 100)
        var builder = surroundings.plainBuilder
        builder.hostFunction("multiply") { (first: Int64, second: Int64) -> Int64 in
            arrivals.note()
            return first &* second
        }
        let sandbox = try builder.build()
        let floor = try surroundings.floor()
        var times = [UInt64](repeating: 0, count: 100)
        return try figure(
            "host_call",
            surroundings.plan(rounds: 60, batch: 1, samplesPerOperation: 99),
            goal: .ratio(1.15),
            reference: floor.map { floor in
                { samples in
                    try expect("host_call", try floor.hostCalls(&times) == 3 * 5050)
                    for interval in ArrivalTimes.intervals(times) { samples.add(interval) }
                }
            }
        ) { samples in
            let sum: Int64 = try sandbox.call("call_host_many", Int64(100))
            let arrived = arrivals.take()
            try expect("host_call", sum > 0 && arrived.count == 100)
            for interval in ArrivalTimes.intervals(arrived) { samples.add(interval) }
        }
    }

    static let call1KiB = BenchmarkCase(
        name: "call_1KiB",
        summary: "one call with 1 KiB in and the same 1 KiB out, as arrays of bytes",
        measure: { try copying("call_1KiB", 1 << 10, $0.plan(rounds: 200, batch: 10), .ratio(1.15), $0) }
    )

    static let call1MiB = BenchmarkCase(
        name: "call_1MiB",
        summary: "one call with 1 MiB in and the same 1 MiB out, as arrays of bytes",
        measure: { try copying("call_1MiB", 1 << 20, $0.plan(rounds: 100, batch: 4), .ratio(1.5), $0) }
    )

    static let call1MiBBorrowed = BenchmarkCase(
        name: "call_1MiB_borrowed",
        summary: "the same, the result read in place of copied into a new array"
    ) { surroundings in
        let sandbox = try surroundings.builder.build()
        let floor = try surroundings.floor()
        let input = pattern(1 << 20)
        var output = [UInt8](repeating: 0, count: input.count)
        return try figure(
            "call_1MiB_borrowed",
            surroundings.plan(rounds: 100, batch: 4),
            goal: nil,
            timing: floor.map { floor in
                { try Stopwatch.measure { try floor.copy(input, to: &output) } }
            }
        ) {
            try Stopwatch.measure {
                let count = try sandbox.callBorrowingBytes("echo_bytes", input) { $0.byteCount }
                try expect("call_1MiB_borrowed", count == input.count)
            }
        }
    }

    static let createFirstCall = BenchmarkCase(
        name: "create_first_call",
        summary: "a new sandbox of a parsed image, and one call of add"
    ) { surroundings in
        let builder = surroundings.builder
        return try figure(
            "create_first_call",
            surroundings.plan(rounds: 150, batch: 1),
            goal: .ratio(1.5),
            timing: surroundings.hasFloor
                ? {
                    Surroundings.settle()
                    var kept: Floor?
                    let time = try Stopwatch.measure {
                        let floor = try Floor()
                        try expect("create_first_call", try floor.add(40, 2) == 42)
                        kept = floor
                    }
                    // Closing a VM is slow and no part of this figure.
                    withExtendedLifetime(kept) {}
                    return time
                } : nil
        ) {
            Surroundings.settle()
            var kept: Sandbox?
            let time = try Stopwatch.measure {
                let sandbox = try builder.build()
                try expect("create_first_call", try addition(sandbox) == 42)
                kept = sandbox
            }
            withExtendedLifetime(kept) {}
            return time
        }
    }

    private static func copying(
        _ name: String,
        _ byteCount: Int,
        _ plan: RoundPlan,
        _ goal: Goal,
        _ surroundings: Surroundings
    ) throws -> Figure {
        let sandbox = try surroundings.builder.build()
        let floor = try surroundings.floor()
        let input = pattern(byteCount)
        var output = [UInt8](repeating: 0, count: byteCount)
        let result = try figure(
            name,
            plan,
            goal: goal,
            timing: floor.map { floor in
                { try Stopwatch.measure { try floor.copy(input, to: &output) } }
            }
        ) {
            var reply: [UInt8] = []
            let time = try Stopwatch.measure { reply = try sandbox.call("echo_bytes", input) }
            try expect(name, reply == input)
            return time
        }
        try expect(name, floor == nil || output == input)
        return result
    }

    /// add(40, 2) by a guest function.
    static func addition(_ sandbox: Sandbox) throws -> Int64 {
        try sandbox.call("add", Int64(40), Int64(2))
    }

    static func expect(_ name: String, _ isRight: @autoclosure () throws -> Bool) throws {
        guard try isRight() else { throw WrongResult(name: name) }
    }

    private static func pattern(_ byteCount: Int) -> [UInt8] {
        (0..<byteCount).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    }
}
