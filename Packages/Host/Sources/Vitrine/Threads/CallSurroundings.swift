// SPDX-License-Identifier: MIT OR Apache-2.0

import VitrineObservability

/// What a call takes along from its task to the thread that runs it.
struct CallSurroundings: Sendable {
    private let span: SpanContext?
    private let hostCall: HostCallScope?

    /// Those of the current task.
    static var current: CallSurroundings {
        CallSurroundings(span: SpanContext.current, hostCall: HostCallScope.current)
    }

    /// Runs `body` as if it were there.
    func run<Result>(_ body: () -> Result) -> Result {
        SpanContext.$current.withValue(span) {
            HostCallScope.$current.withValue(hostCall) { body() }
        }
    }
}
