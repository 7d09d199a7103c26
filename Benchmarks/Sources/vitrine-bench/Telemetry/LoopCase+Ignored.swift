// SPDX-License-Identifier: MIT OR Apache-2.0

import BenchmarkHarness
import CBenchmarkProbes
import VitrineObservability

// Everything is on and goes to a subscriber that ignores it: the cost of making records, without clocks.
extension LoopCase {
    static let whenIgnored = [
        ignored("event_noop", "an event", goal: 12, .plain(EmittingLoops.events), PeerLogs.ignored),
        ignored(
            "event_noop_2_threads", "the same on each of two threads", goal: 12, .onTwoThreads(EmittingLoops.events)
        ) {
            PeerLogs.ignored.onTwoThreads
        },
        ignored(
            "event_2_fields_noop", "an event with an integer and a text as fields", goal: nil,
            .plain(EmittingLoops.eventsWithFields), PeerLogs.ignoredWithMetadata),
        ignored(
            "span_event_noop", "a span, and an event with two fields in it", goal: 40,
            .plain(EmittingLoops.spansWithEvents), PeerSpans.withEvent),
        ignored(
            "span_event_noop_2_threads", "the same on each of two threads", goal: 40,
            .onTwoThreads(EmittingLoops.spansWithEvents)
        ) {
            PeerSpans.withEvent.onTwoThreads
        },
        ignored(
            "with_span_noop", "a span around a closure, as the current one, in a task", goal: 110,
            .asynchronous { EmittingLoops.closureSpans($0) }, PeerSpans.closureInTask),
        ignored(
            "with_span_noop_no_task", "the same on a thread that runs no task", goal: 110,
            .plain(EmittingLoops.closureSpans), PeerSpans.closure),
        ignored(
            "with_span_async_noop", "the same in an async function", goal: 250,
            .asynchronous(EmittingLoops.asyncClosureSpans), PeerSpans.asyncClosure),
    ]

    private static func ignored(
        _ name: String, _ summary: String, goal: Double?, _ subject: Loop, _ peer: @autoclosure () -> Peer
    ) -> LoopCase {
        ignored(name, summary, goal: goal, subject, peer)
    }

    private static func ignored(
        _ name: String, _ summary: String, goal: Double?, _ subject: Loop, _ peer: () -> Peer
    ) -> LoopCase {
        let peer = peer()
        return LoopCase(name: name, summary: summary + ", to a subscriber that ignores it", goal: goal) {
            Telemetry.install(TimelessSubscriber())
            return Sides(subject: subject, peer: peer, finish: { Telemetry.uninstall() })
        }
    }
}

extension LoopCase.Peer {
    /// The same on two threads.
    var onTwoThreads: LoopCase.Peer {
        guard case .plain(let body) = loop else { return self }
        return LoopCase.Peer(name: name, loop: .onTwoThreads(body))
    }
}

/// Is told of the start and the end of each span and of each event, and does nothing. It does not ask for the times: the
/// clock's 10 to 25 ns are nobody's code.
struct TimelessSubscriber: Subscriber {
    var maximumLevel: Level { .trace }
    var needs: SubscriberNeeds { .spanStarts }
    func spanDidStart(_ span: borrowing SpanView) {}
    func spanDidEnd(_ span: borrowing SpanView) {}
    func eventDidOccur(_ event: borrowing EventView) {}
    func flush() {}
}

/// The loops of a program that is watched.
enum EmittingLoops {
    @inline(never)
    static func events(_ count: Int) {
        for index in 0..<count {
            event("called")
            loop_barrier(Int64(index))
        }
    }

    @inline(never)
    static func eventsWithFields(_ count: Int) {
        for index in 0..<count {
            event("called", [Field("index", index), Field("function", "echo")])
            loop_barrier(Int64(index))
        }
    }

    @inline(never)
    static func spansWithEvents(_ count: Int) {
        for index in 0..<count {
            let span = Span("call")
            event("called", [Field("index", index), Field("function", "echo")])
            loop_barrier(Int64(index))
            span.end()
        }
    }

    @inline(never)
    static func spansWithFields(_ count: Int) {
        for index in 0..<count {
            let span = Span("call", [Field("index", index), Field("function", "echo")])
            loop_barrier(Int64(index))
            span.end()
        }
    }

    @inline(never)
    static func closureSpans(_ count: Int) {
        for index in 0..<count {
            withSpan("call") { loop_barrier(Int64(index)) }
        }
    }

    @inline(never)
    static func asyncClosureSpans(_ count: Int) async {
        for index in 0..<count {
            await withSpan("call") { () async in loop_barrier(Int64(index)) }
        }
    }
}
