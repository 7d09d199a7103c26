// SPDX-License-Identifier: MIT OR Apache-2.0

import Instrumentation
public import VitrineObservability

extension SpanContext {
    /// The innermost span around the caller, whether one of ours is current or a `VitrineTracer` has put one into
    /// `ServiceContext.current`. 70 ns where neither is, 180 ns in a
    /// span of the tracer.
    ///
    /// Give it to `VitrineLogHandler(currentSpan:)` and to `Logger.MetadataProvider.vitrine(currentSpan:)` of
    /// `VitrineSwiftLog` in programs that use both ways to make spans.
    public static var innermost: SpanContext? { (ServiceContext.current ?? .topLevel).innermostSpan }
}

extension ParentSpan {
    /// The innermost span around the caller, as `SpanContext.innermost` says; a new trace if there is none.
    ///
    ///     VitrineObservability.withSpan("query", parent: .innermost) { … }
    public static var innermost: ParentSpan { SpanContext.innermost.map { .span($0) } ?? .root }
}

/// Runs `body` with one current span in both worlds: `SpanContext.current` and `ServiceContext.current` name the innermost
/// span around the caller, whichever of the two it was in.
///
/// To be put where one way to make spans gives way to the other: inside `withSpan` of swift-distributed-tracing around work
/// that makes spans of ours, and inside ours around calls of libraries that look at `ServiceContext.current`. A span that
/// is made by `VitrineTracer` finds its parent without it; so does everything in `VitrineTracer.withSpan`.
public func withInnermostSpan<R, E: Error>(_ body: () throws(E) -> R) throws(E) -> R {
    guard let span = SpanContext.innermost else { return try body() }
    let outcome = SpanContext.$current.withValue(span) {
        ServiceContext.$current.withValue(.carrying(span)) { () -> Result<R, E> in
            do throws(E) { return .success(try body()) } catch { return .failure(error) }
        }
    }
    return try outcome.get()
}

/// The asynchronous form of the same; runs where the caller runs.
public nonisolated(nonsending) func withInnermostSpan<R, E: Error>(
    _ body: nonisolated(nonsending) () async throws(E) -> R
) async throws(E) -> R {
    guard let span = SpanContext.innermost else { return try await body() }
    let outcome = await SpanContext.$current.withValue(span) {
        await ServiceContext.$current.withValue(.carrying(span)) { () async -> Result<R, E> in
            do throws(E) { return .success(try await body()) } catch { return .failure(error) }
        }
    }
    return try outcome.get()
}

extension ServiceContext {
    /// The current context with a span, which is also the current one of ours.
    fileprivate static func carrying(_ span: SpanContext) -> ServiceContext {
        var context = ServiceContext.current ?? .topLevel
        context.carry(span, enclosing: span)
        return context
    }
}
