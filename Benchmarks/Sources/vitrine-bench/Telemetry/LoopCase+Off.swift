// SPDX-License-Identifier: MIT OR Apache-2.0

import BenchmarkHarness
import CBenchmarkProbes
import EmittingLibrary
import VitrineObservability

// Nobody listens: what a program pays for telemetry that is off, over the loop around it.
extension LoopCase {
    static let whenOff = [
        off("event_off", "an event that nobody wants", .plain(OffLoops.events), PeerLogs.off),
        off("log_off", "a line of a Log that nobody wants", .plain(OffLoops.logs), PeerLogs.off),
        off("span_off", "a span by hand with a field", .plain(OffLoops.spans), PeerSpans.closure),
        off("with_span_off", "a span around a closure, with a field", .plain(OffLoops.closureSpans), PeerSpans.closure),
        off(
            "with_span_async_off", "the same in an async function", .asynchronous(OffLoops.asyncClosureSpans),
            PeerSpans.asyncClosure, .asynchronous(OffLoops.emptyAsync)),
        off("event_off_library", "an event in another module", .plain(libraryEvents), PeerLogs.off),
        off("with_span_off_library", "a closure's span there", .plain(libraryClosureSpans), PeerSpans.closure),
        off(
            "with_span_async_off_library", "the same in an async function there",
            .asynchronous(libraryAsyncClosureSpans), PeerSpans.asyncClosure, .asynchronous(OffLoops.emptyAsync)),
        off(
            "event_off_generic", "an event in another module's generic function, not specialised",
            .plain { OffLoops.genericEvents(OffLoops.value, $0) }, PeerLogs.off),
        off(
            "with_span_off_generic", "a closure's span in such a function",
            .plain { OffLoops.genericClosureSpans(OffLoops.value, $0) }, PeerSpans.closure),
    ]

    private static func off(
        _ name: String, _ summary: String, _ subject: Loop, _ peer: Peer, _ empty: Loop = .plain(OffLoops.empty)
    ) -> LoopCase {
        var isAsynchronous = false
        if case .asynchronous = subject { isAsynchronous = true }
        return LoopCase(
            name: name, summary: summary + ", nothing installed, over the loop", goal: 1, instructionLimit: 8,
            // Tasks make the count of the rest of the process less even.
            countedOperations: isAsynchronous ? 500_000 : 20_000
        ) {
            Sides(subject: subject, peer: peer, empty: empty)
        }
    }
}

/// The loops. Each turn ends with the same barrier, which costs nothing and keeps the compiler from taking anything out.
enum OffLoops {
    /// A value whose type no compiler can tell.
    static var value: any FieldValueConvertible { CommandLine.argc > 100 ? "many" : 1 }

    @inline(never)
    static func empty(_ count: Int) {
        for index in 0..<count { loop_barrier(Int64(index)) }
    }

    /// The await is part of the loop: to come back from it costs most callers 80 instructions, with a span or without.
    @inline(never)
    static func emptyAsync(_ count: Int) async {
        for index in 0..<count {
            await bare { () async in loop_barrier(Int64(index)) }
        }
    }

    /// `withSpan` without the span.
    @inline(__always)
    private nonisolated(nonsending) static func bare<E: Error>(
        _ body: nonisolated(nonsending) () async throws(E) -> Void
    ) async throws(E) {
        try await body()
    }

    @inline(never)
    static func events(_ count: Int) {
        for index in 0..<count {
            event("step \(index)", level: .debug)
            loop_barrier(Int64(index))
        }
    }

    @inline(never)
    static func logs(_ count: Int) {
        let log = Log()
        for index in 0..<count {
            log.debug("step \(index)", [Field("index", index)])
            loop_barrier(Int64(index))
        }
    }

    @inline(never)
    static func spans(_ count: Int) {
        for index in 0..<count {
            let span = Span("step", level: .debug, [Field("index", index)])
            loop_barrier(Int64(index))
            span.end()
        }
    }

    @inline(never)
    static func closureSpans(_ count: Int) {
        for index in 0..<count {
            withSpan("step", level: .debug, [Field("index", index)]) { loop_barrier(Int64(index)) }
        }
    }

    @inline(never)
    static func asyncClosureSpans(_ count: Int) async {
        for index in 0..<count {
            await withSpan("step", level: .debug, [Field("index", index)]) { () async in loop_barrier(Int64(index)) }
        }
    }

    static func genericEvents(_ value: some FieldValueConvertible, _ count: Int) {
        libraryGenericEvents(of: value, count)
    }

    static func genericClosureSpans(_ value: some FieldValueConvertible, _ count: Int) {
        libraryGenericClosureSpans(of: value, count)
    }
}
