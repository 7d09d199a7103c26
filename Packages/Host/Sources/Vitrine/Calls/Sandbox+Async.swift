// SPDX-License-Identifier: MIT OR Apache-2.0

import VitrineHypervisor
import VitrineObservability
public import VitrineWire

extension Sandbox {
    /// Calls a guest function without blocking a thread of Swift's cooperative pool.
    ///
    /// The call waits for its turn without a thread, then runs on a thread of Vitrine's own. Cancelling the task takes the
    /// call out of the queue, or, once the guest runs, interrupts it and poisons the sandbox; either way it throws
    /// `cancelled`. All else is as with `call`.
    public func callAsync<each Parameter: WireValue, Result: WireValue>(
        _ function: String,
        _ parameters: repeat each Parameter,
        deadline: Duration? = nil
    ) async throws(SandboxError) -> Result {
        let values = (repeat each parameters)
        return try await performAsync(function) { (sandbox: Sandbox, statistics) throws(SandboxError) -> Result in
            var result: Result?
            let call = GuestCall(
                parameterCount: Self.count(repeat each values), resultType: Result.wireType,
                deadline: deadline ?? sandbox.defaultDeadline, isWatched: Telemetry.isEnabled(.error))
            try sandbox.performInside(function, call) { (writer: inout MessageWriter) throws(WireError) in
                repeat try (each values).encode(into: &writer)
            } _: { (value: EncodedValue) throws(WireError) in
                result = try Result(decoding: value)
            } tell: {
                statistics = $0
            }
            guard let result else { throw .noResult }
            return result
        }
    }

    /// The same for a guest function that returns nothing.
    public func callAsync<each Parameter: WireValue>(
        _ function: String,
        _ parameters: repeat each Parameter,
        deadline: Duration? = nil
    ) async throws(SandboxError) {
        let _: WireVoid = try await callAsync(function, repeat each parameters, deadline: deadline)
    }

    /// Queues at the gate, runs `work` on a worker thread, and follows the task's cancellation all the way.
    private func performAsync<Result: Sendable>(
        _ function: String, _ work: @escaping AsyncWork<Result>
    ) async throws(SandboxError) -> Result {
        guard Telemetry.isEnabled(.error) else { return try await queue(work).result.get() }
        return try await withSpan("call", target: "vitrine.host", callFields(function)) {
            span async throws(SandboxError) in
            let outcome = await queue(work)
            switch outcome.result {
            case .success(let value):
                outcome.statistics.tell(&span, nil)
                return value
            case .failure(let error):
                outcome.statistics.tell(&span, error)
                span.recordUnheardError(error, target: "vitrine.host")
                throw error
            }
        }
    }

    /// What a worker thread does for a call, and what it took.
    private typealias AsyncWork<Result> =
        @Sendable (Sandbox, _ statistics: inout CallStatistics) throws(SandboxError) -> Result

    /// How it went.
    private struct AsyncOutcome<Result: Sendable>: Sendable {
        let result: Swift.Result<Result, SandboxError>
        var statistics = CallStatistics()
    }

    private func queue<Result: Sendable>(_ work: @escaping AsyncWork<Result>) async -> AsyncOutcome<Result> {
        let ticket = CallGate.Ticket()
        let context = TelemetryContext.current
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                gate.enter(
                    CallGate.Waiter(ticket: ticket) { [self] in
                        let job = WorkerPool.Job { [self] in
                            let outcome = context.run { runAdmitted(work) }
                            continuation.resume(returning: outcome)
                        } fail: { [self] errno in
                            leave()
                            continuation.resume(returning: AsyncOutcome(result: .failure(.noThread(errno: errno))))
                        }
                        WorkerPool.shared.submit(job)
                    } giveUp: {
                        continuation.resume(returning: AsyncOutcome(result: .failure(.cancelled(whileRunning: false))))
                    })
            }
        } onCancel: {
            gate.cancel(ticket) { interruptHandle.cancel() }
        }
    }

    /// On the worker thread: the gate is this call's.
    private func runAdmitted<Result>(_ work: AsyncWork<Result>) -> AsyncOutcome<Result> {
        guard gate.start() else {
            leave()
            return AsyncOutcome(result: .failure(.cancelled(whileRunning: false)))
        }
        var statistics = CallStatistics()
        do throws(SandboxError) {
            return AsyncOutcome(result: .success(try work(self, &statistics)), statistics: statistics)
        } catch {
            return AsyncOutcome(result: .failure(error), statistics: statistics)
        }
    }
}
