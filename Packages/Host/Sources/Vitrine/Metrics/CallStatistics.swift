// SPDX-License-Identifier: MIT OR Apache-2.0

import VitrineObservability

/// What one call has taken: for its span and for the counters.
struct CallStatistics: Sendable {
    /// Whether the guest has begun to run.
    var hasRun = false
    /// Exits of the vCPU.
    var exits: UInt64 = 0
    /// Calls that ran a host function.
    var hostCalls: UInt64 = 0
    /// Bytes of the call's message.
    var bytesIn: UInt64 = 0
    /// Bytes of the answer's message; 0 without one.
    var bytesOut: UInt64 = 0

    /// Tells the span of the call what it took and what came of it: `ok`, or the code of the error.
    func tell(_ span: inout VitrineObservability.Span, _ error: SandboxError?) {
        span.add(Field("outcome", error?.code.name ?? "ok"))
        span.add(Field("exits", exits))
        span.add(Field("bytes.in", bytesIn))
        span.add(Field("bytes.out", bytesOut))
    }
}
