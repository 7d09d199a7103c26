// SPDX-License-Identifier: MIT OR Apache-2.0

public import Tracing
import VitrineObservability

// These stand in front of the protocol's own methods of the same form, and differ in one thing: the span is current also
// for spans of ours.

extension VitrineTracer {
    /// Runs `operation` in a span, which is the current one in both worlds, and ends the span.
    ///
    /// A thrown error is recorded and marks the span as failed.
    public func withSpan<T>(
        _ operationName: String,
        context: @autoclosure () -> ServiceContext = .current ?? .topLevel,
        ofKind kind: Tracing.SpanKind = .internal,
        function: String = #function,
        file fileID: String = #fileID,
        line: UInt = #line,
        _ operation: (VitrineTracerSpan) throws -> T
    ) rethrows -> T {
        try withSpan(
            operationName, context: context(), ofKind: kind, at: DefaultTracerClock.now, function: function,
            file: fileID,
            line: line, operation)
    }

    /// The same for a span that began at another instant.
    public func withSpan<T>(
        _ operationName: String,
        context: @autoclosure () -> ServiceContext = .current ?? .topLevel,
        ofKind kind: Tracing.SpanKind = .internal,
        at instant: @autoclosure () -> some TracerInstant,
        function: String = #function,
        file fileID: String = #fileID,
        line: UInt = #line,
        _ operation: (VitrineTracerSpan) throws -> T
    ) rethrows -> T {
        let span = startSpan(
            operationName, context: context(), ofKind: kind, at: instant(), function: function, file: fileID, line: line
        )
        defer { span.end() }
        return try ServiceContext.$current.withValue(span.context) {
            try SpanContext.$current.withValue(span.context.vitrineSpanContext) {
                do {
                    return try operation(span)
                } catch {
                    span.fail(error)
                    throw error
                }
            }
        }
    }

    /// The asynchronous form of the first; runs where the caller runs.
    public func withSpan<T>(
        _ operationName: String,
        context: @autoclosure () -> ServiceContext = .current ?? .topLevel,
        ofKind kind: Tracing.SpanKind = .internal,
        isolation: isolated (any Actor)? = #isolation,
        function: String = #function,
        file fileID: String = #fileID,
        line: UInt = #line,
        _ operation: (VitrineTracerSpan) async throws -> T
    ) async rethrows -> T {
        try await withSpan(
            operationName, context: context(), ofKind: kind, at: DefaultTracerClock.now, isolation: isolation,
            function: function, file: fileID, line: line, operation)
    }

    /// The asynchronous form of the second; runs where the caller runs.
    public func withSpan<T>(
        _ operationName: String,
        context: @autoclosure () -> ServiceContext = .current ?? .topLevel,
        ofKind kind: Tracing.SpanKind = .internal,
        at instant: @autoclosure () -> some TracerInstant,
        isolation: isolated (any Actor)? = #isolation,
        function: String = #function,
        file fileID: String = #fileID,
        line: UInt = #line,
        _ operation: (VitrineTracerSpan) async throws -> T
    ) async rethrows -> T {
        let span = startSpan(
            operationName, context: context(), ofKind: kind, at: instant(), function: function, file: fileID, line: line
        )
        defer { span.end() }
        return try await ServiceContext.$current.withValue(span.context) {
            try await SpanContext.$current.withValue(span.context.vitrineSpanContext) {
                do {
                    return try await operation(span)
                } catch {
                    span.fail(error)
                    throw error
                }
            }
        }
    }
}

extension VitrineTracerSpan {
    fileprivate func fail(_ error: any Error) {
        recordError(error)
        setStatus(Tracing.SpanStatus(code: .error))
    }
}
