// SPDX-License-Identifier: MIT OR Apache-2.0

/// The asynchronous `withSpan`: the span is current in `body` and its child tasks, across every await.
///
/// Runs where the caller runs. All else is as in the synchronous form.
@inlinable
@inline(__always)
public nonisolated(nonsending) func withSpan<let fieldCount: Int, R, E: Error>(
    _ name: StaticString,
    target: StaticString? = nil,
    level: Level = .info,
    kind: SpanKind = .internal,
    parent: ParentSpan = .current,
    _ fields: @autoclosure () -> InlineArray<fieldCount, Field> = noFields(),
    file: StaticString = #fileID,
    line: UInt32 = #line,
    _ body: nonisolated(nonsending) (inout Span) async throws(E) -> R
) async throws(E) -> R {
    guard let site = Telemetry.enabledSite(name, target, level, .span, file, line)
    else {
        var span = Span(nil)
        return try await body(&span)
    }
    return try await runInSpan(OpenSpan.begin(site, kind, parent, fields), body)
}

/// The same for work that does not need the span itself.
@inlinable
@inline(__always)
public nonisolated(nonsending) func withSpan<let fieldCount: Int, R, E: Error>(
    _ name: StaticString,
    target: StaticString? = nil,
    level: Level = .info,
    kind: SpanKind = .internal,
    parent: ParentSpan = .current,
    _ fields: @autoclosure () -> InlineArray<fieldCount, Field> = noFields(),
    file: StaticString = #fileID,
    line: UInt32 = #line,
    _ body: nonisolated(nonsending) () async throws(E) -> R
) async throws(E) -> R {
    guard let site = Telemetry.enabledSite(name, target, level, .span, file, line)
    else { return try await body() }
    return try await runInSpan(OpenSpan.begin(site, kind, parent, fields)) { (_) async throws(E) in
        try await body()
    }
}

@inlinable
nonisolated(nonsending) func runInSpan<R, E: Error>(
    _ open: OpenSpan,
    _ body: nonisolated(nonsending) (inout Span) async throws(E) -> R
) async throws(E) -> R {
    let outcome = await SpanContext.$current.withValue(open.context) { () async -> Result<R, E> in
        var span = Span(open)
        do throws(E) {
            return .success(try await body(&span))
        } catch {
            span.recordError(error)
            return .failure(error)
        }
    }
    return try outcome.get()
}
