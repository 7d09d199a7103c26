// SPDX-License-Identifier: MIT OR Apache-2.0

import BenchmarkHarness
import Vitrine

extension BenchmarkCase {
    static let spinStop = BenchmarkCase(
        name: "spin_stop",
        summary: "from another thread's cancel() to the end of the call of a guest that spins"
    ) { surroundings in
        let floor = try surroundings.floor()
        let builder = surroundings.builder
        let stopper = Stopper()
        return try figure(
            "spin_stop",
            surroundings.plan(rounds: 150, batch: 1),
            goal: .ratio(2),
            timing: floor.map { floor in
                {
                    // Both sides start from the same pause: a processor that slept is slower at first.
                    Surroundings.settle()
                    return try stopper.measure(stop: { floor.stop() }) { try floor.spin() }
                }
            }
        ) {
            // Cancellation poisons: a new sandbox each time, made before the clock runs.
            let sandbox = try builder.build()
            _ = try addition(sandbox)
            Surroundings.settle()
            return try stopper.measure(stop: { sandbox.cancel() }) {
                try spin(sandbox, deadline: nil, endsWith: .cancelled)
            }
        }
    }

    static let deadlineOvershoot = BenchmarkCase(
        name: "deadline_overshoot_1ms",
        summary: "how much later than its deadline of 1 ms the call of a guest that spins ends"
    ) { surroundings in
        let floor = try surroundings.floor()
        let builder = surroundings.builder
        return try figure(
            "deadline_overshoot_1ms",
            surroundings.plan(rounds: 150, batch: 1),
            goal: .median(100),
            timing: floor.map { floor in
                {
                    Surroundings.settle()
                    return beyond(1_000_000, try Stopwatch.measure { try floor.spin(deadlineNanoseconds: 1_000_000) })
                }
            }
        ) {
            let sandbox = try builder.build()
            _ = try addition(sandbox)
            Surroundings.settle()
            let time = try Stopwatch.measure {
                try spin(sandbox, deadline: .milliseconds(1), endsWith: .deadlineExceeded)
            }
            return beyond(1_000_000, time)
        }
    }

    /// A call of the guest function that never returns, which has to end in one way.
    private static func spin(_ sandbox: Sandbox, deadline: Duration?, endsWith code: SandboxError.Code) throws {
        do throws(SandboxError) {
            try sandbox.call("spin", deadline: deadline)
        } catch {
            guard error.code != code else { return }
            throw error
        }
        throw WrongResult(name: "spin")
    }

    /// Nanoseconds of `time` behind `limit`. A call that ends too early does not count.
    private static func beyond(_ limit: UInt64, _ time: UInt64) -> UInt64? {
        time >= limit ? time - limit : nil
    }
}
