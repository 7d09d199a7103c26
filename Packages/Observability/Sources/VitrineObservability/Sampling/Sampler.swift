// SPDX-License-Identifier: MIT OR Apache-2.0

/// Which traces are recorded, decided once where a trace begins: its root has the flag `sampled` or not, and all spans below
/// have what their parent has.
///
/// Spans of a trace that is not sampled are made all the same and reach every subscriber, with the flag cleared: a tree on a
/// terminal shows them, an exporter leaves them out.
///
/// https://opentelemetry.io/docs/specs/otel/trace/sdk/#sampling
public struct Sampler: Sendable, Hashable {
    /// What is decided about a trace that begins here.
    @frozen
    public enum Root: Sendable, Hashable {
        /// All traces are sampled.
        case alwaysOn
        /// None is.
        case alwaysOff
        /// This share of all traces is, from 0 to 1, chosen by their identifiers.
        case traceIDRatio(Double)
    }

    /// What is decided about a trace that begins here.
    public let root: Root
    /// Whether a trace that began in another process keeps the flag it came with. If not, it is decided on here as if it
    /// had begun here.
    public let isParentBased: Bool

    /// A sampler of its parts.
    public init(root: Root, isParentBased: Bool) {
        self.root = root
        self.isParentBased = isParentBased
    }

    /// What counts as long as no other is installed: traces that begin here are sampled, others keep their flag.
    public static let `default` = Sampler.parentBased(.alwaysOn)

    /// Samples all traces, also those whose flag was cleared elsewhere.
    public static let alwaysOn = Sampler(root: .alwaysOn, isParentBased: false)

    /// Samples no trace, not even those whose flag was set elsewhere.
    public static let alwaysOff = Sampler(root: .alwaysOff, isParentBased: false)

    /// Samples this share of all traces, wherever they began. Less than 0 and NaN count as 0, more than 1 as 1.
    ///
    /// A trace is sampled if the last eight bytes of its identifier, as a number, are below ratio × 2⁶⁴. So do OpenTelemetry's
    /// libraries for Go, Python, Ruby and Rust, and services that share a trace agree on it; what a smaller ratio samples,
    /// a larger one samples too.
    public static func traceIDRatio(_ ratio: Double) -> Sampler {
        Sampler(root: .traceIDRatio(ratio), isParentBased: false)
    }

    /// Leaves a trace that began elsewhere the flag it came with, and decides on those that begin here as another sampler
    /// does.
    public static func parentBased(_ root: Sampler) -> Sampler {
        Sampler(root: root.root, isParentBased: true)
    }

    /// Whether a trace that begins here is sampled. Depends on nothing but the identifier.
    public func isSampled(_ trace: TraceID) -> Bool { UInt128(trace.low) < bound }

    /// The context of a parent that came from another process, with the flag that this sampler wants it to have.
    public func decided(_ remote: SpanContext) -> SpanContext {
        if isParentBased { return remote }
        let flags = isSampled(remote.traceID) ? remote.flags.union(.sampled) : remote.flags.subtracting(.sampled)
        return SpanContext(traceID: remote.traceID, spanID: remote.spanID, flags: flags)
    }

    /// How many values of the lower half of an identifier are sampled, from 0 up.
    private var bound: UInt128 {
        switch root {
        case .alwaysOn: 1 << 64
        case .alwaysOff: 0
        case .traceIDRatio(let ratio): ratio > 0 ? UInt128((min(ratio, 1) * 0x1p64).rounded(.up)) : 0
        }
    }

    /// The last value of the lower half of an identifier that is sampled. 0 means none: identifiers that are made here never
    /// have it.
    var lastSampled: UInt64 { bound == 0 ? 0 : UInt64(bound - 1) }
}
