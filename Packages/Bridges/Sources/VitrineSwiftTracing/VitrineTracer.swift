// SPDX-License-Identifier: MIT OR Apache-2.0

public import Instrumentation
public import Tracing
public import VitrineObservability

/// A tracer of swift-distributed-tracing whose spans go where ours go.
///
///     InstrumentationSystem.bootstrap(VitrineTracer())
///
/// A span's parent is the one that its service context carries, or the current one of ours if that is further in or the
/// context carries none: spans of both kinds nest. A context that is given explicitly and carries a span always counts; one
/// that carries none (`.topLevel`) does not make a root inside of a span of ours.
///
/// The target of spans is the module that makes them, their level that of the tracer; file and line are kept, the
/// function is not. Attributes become fields in the order of their keys. What no subscriber wants is not recorded: such a
/// span hands on the context of its parent, and its `isRecording` is false.
///
/// What cannot be: the functions `withSpan` of `Tracing` that are no methods bind only `ServiceContext.current`, so that
/// our own spans inside do not see the new span as their parent. Use the method `withSpan` of this type, or
/// `withInnermostSpan`, or `parent: .innermost`. Each `withSpan` of `Tracing` that an error leaves records it again.
public struct VitrineTracer: Tracer {
    /// The spans this tracer makes.
    public typealias Span = VitrineTracerSpan

    private let target: String?
    private let level: Level

    /// A tracer.
    ///
    /// - Parameters:
    ///   - target: the target of all spans; the module that makes them if nil.
    ///   - level: the level of spans and of their events.
    public init(target: String? = nil, level: Level = .info) {
        self.target = target
        self.level = level
    }

    /// Starts a span at the given instant, which subscribers are told of.
    public func startSpan<Instant: TracerInstant>(
        _ operationName: String,
        context: @autoclosure () -> ServiceContext,
        ofKind kind: Tracing.SpanKind,
        at instant: @autoclosure () -> Instant,
        function: String,
        file fileID: String,
        line: UInt
    ) -> VitrineTracerSpan {
        var context = context()
        let parent = context.innermostSpan
        guard Telemetry.isEnabled(level) else { return unrecorded(operationName, below: parent, in: context) }
        let metadata = Metadata(
            name: operationName, target: target ?? String(fileID.prefix { $0 != "/" }), level: level, kind: .span,
            file: fileID, line: UInt32(clamping: line))
        guard Telemetry.isEnabled(metadata, in: parent) else {
            return unrecorded(operationName, below: parent, in: context)
        }
        let span = SpanContext(below: parent)
        context.carry(span, enclosing: .current)
        let record = SpanRecord(
            context: span, parent: parent?.spanID, metadata: metadata, kind: VitrineObservability.SpanKind(kind),
            start: Timestamp(instant()))
        let isWanted = Telemetry.spanDidStart(record)
        return VitrineTracerSpan(context: context, record: isWanted ? record : nil, name: operationName)
    }

    private func unrecorded(
        _ name: String, below parent: SpanContext?, in context: ServiceContext
    ) -> VitrineTracerSpan {
        var context = context
        if context.carriedSpan?.span != parent { context.carry(parent, enclosing: .current) }
        return VitrineTracerSpan(context: context, record: nil, name: name)
    }

    /// Asks the subscriber to hand on what it holds back, as `Telemetry.flush()` does.
    public func forceFlush() {
        Telemetry.flush()
    }
}
