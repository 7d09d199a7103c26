// SPDX-License-Identifier: MIT OR Apache-2.0

/// The asynchronous `withSpan`: the span is current in `body` and its child tasks, across every await.
///
/// Runs where the caller runs. All else is as in the synchronous form.
@inlinable
@inline(__always)
public nonisolated(nonsending) func withSpan<R, E: Error>(
    _ name: String,
    target: String? = nil,
    level: Level = .info,
    parent: ParentSpan = .current,
    _ fields: @autoclosure () -> [Field] = [],
    file: String = #fileID,
    line: UInt32 = #line,
    _ body: nonisolated(nonsending) (inout Span) async throws(E) -> R
) async throws(E) -> R {
    guard Telemetry.isEnabled(level) else {
        var span = Span(nil)
        return try await body(&span)
    }
    let metadata = Metadata(name: name, target: target, level: level, fileID: file, line: line)
    return try await runInSpan(OpenSpan(metadata, parent: parent, fields: fields()), body)
}

/// The same for work that does not need the span itself.
@inlinable
@inline(__always)
public nonisolated(nonsending) func withSpan<R, E: Error>(
    _ name: String,
    target: String? = nil,
    level: Level = .info,
    parent: ParentSpan = .current,
    _ fields: @autoclosure () -> [Field] = [],
    file: String = #fileID,
    line: UInt32 = #line,
    _ body: nonisolated(nonsending) () async throws(E) -> R
) async throws(E) -> R {
    guard Telemetry.isEnabled(level) else { return try await body() }
    let metadata = Metadata(name: name, target: target, level: level, fileID: file, line: line)
    return try await runInSpan(OpenSpan(metadata, parent: parent, fields: fields())) { (_) async throws(E) in
        try await body()
    }
}

@usableFromInline
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
