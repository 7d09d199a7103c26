// SPDX-License-Identifier: MIT OR Apache-2.0

import BenchmarkHarness
import CBenchmarkProbes
import Tracing

/// swift-distributed-tracing doing the same, with the no-op tracer that it has when nobody installs another.
enum PeerSpans {
    static let closure = LoopCase.Peer(name: "swift-distributed-tracing, no-op", loop: .plain(closureSpans))

    static let closureInTask = LoopCase.Peer(
        name: "swift-distributed-tracing, no-op", loop: .asynchronous { closureSpans($0) })

    private static func closureSpans(_ count: Int) {
        for index in 0..<count {
            withSpan("step") { _ in loop_barrier(Int64(index)) }
        }
    }

    static let asyncClosure = LoopCase.Peer(
        name: "swift-distributed-tracing, no-op",
        loop: .asynchronous { count in
            for index in 0..<count {
                await withSpan("step") { _ async in loop_barrier(Int64(index)) }
            }
        })

    /// A span, and an event with two attributes in it.
    static let withEvent = LoopCase.Peer(
        name: "swift-distributed-tracing, no-op",
        loop: .plain { count in
            for index in 0..<count {
                withSpan("step") { span in
                    span.addEvent(
                        SpanEvent(name: "called", attributes: ["index": .int64(Int64(index)), "function": "echo"]))
                    loop_barrier(Int64(index))
                }
            }
        })
}
