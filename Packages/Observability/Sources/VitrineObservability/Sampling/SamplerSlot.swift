// SPDX-License-Identifier: MIT OR Apache-2.0

import Synchronization

/// The place of the one installed sampler.
enum SamplerSlot {
    /// Of the sampler, what roots ask: the last value of the lower half of an identifier that is sampled. Without a sampler
    /// all values are, so that nobody has to ask whether there is one.
    private static let lastSampled = Atomic<UInt64>(.max)
    private static let installed = Mutex<Sampler>(.default)

    static func install(_ sampler: Sampler) {
        installed.withLock { installed in
            installed = sampler
            lastSampled.store(sampler.lastSampled, ordering: .relaxed)
        }
    }

    static var current: Sampler { installed.withLock { $0 } }

    /// The flags of a trace that begins here, whose lower half is not zero: one relaxed load.
    @inline(__always)
    static func flags(of trace: TraceID) -> TraceFlags {
        trace.low <= lastSampled.load(ordering: .relaxed) ? .sampled : []
    }
}

extension Telemetry {
    /// Has a sampler decide on the traces that begin from now on, in the whole process and for guests too. At first it is
    /// `Sampler.default`.
    ///
    /// Traces that have begun keep their flag. Costs nothing but one relaxed load for each root of a trace.
    public static func install(sampler: Sampler) { SamplerSlot.install(sampler) }

    /// The installed sampler. Takes a lock.
    public static var sampler: Sampler { SamplerSlot.current }
}

extension SpanContext {
    /// The context of a new span: in the trace of its parent and with its flags, or in a new trace that the installed sampler
    /// decides on.
    ///
    /// For whoever makes spans as records. Costs a few nanoseconds.
    public init(below parent: SpanContext?) {
        if let parent {
            self.init(traceID: parent.traceID, spanID: .random(), flags: parent.flags)
        } else {
            let trace = TraceID.random()
            self.init(traceID: trace, spanID: .random(), flags: SamplerSlot.flags(of: trace))
        }
    }
}
