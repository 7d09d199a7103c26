// SPDX-License-Identifier: MIT OR Apache-2.0

/// Runs `body` in a span that is current inside it, and ends the span when `body` returns or throws.
///
/// A thrown error marks the span as failed and is recorded as one event, in the innermost span it leaves. When nobody
/// listens at `level`, `body` gets an empty span and no field is evaluated.
///
/// - Parameters:
///   - name: what is done, from a small set of names; put what varies into fields.
///   - target: the part of the program, the module of the call if nil.
///   - level: how much it matters.
///   - parent: the span above; `.current` unless said otherwise.
///   - fields: what is known at the start.
///   - file: the place in the code.
///   - line: the place in the code.
///   - body: the work; the span it gets takes further fields.
@inlinable
@inline(__always)
public func withSpan<R, E: Error>(
    _ name: String,
    target: String? = nil,
    level: Level = .info,
    parent: ParentSpan = .current,
    _ fields: @autoclosure () -> [Field] = [],
    file: String = #fileID,
    line: UInt32 = #line,
    _ body: (inout Span) throws(E) -> R
) throws(E) -> R {
    guard Telemetry.isEnabled(level) else {
        var span = Span(nil)
        return try body(&span)
    }
    let metadata = Metadata(name: name, target: target, level: level, fileID: file, line: line)
    return try runInSpan(OpenSpan(metadata, parent: parent, fields: fields()), body)
}

/// The same for work that does not need the span itself.
@inlinable
@inline(__always)
public func withSpan<R, E: Error>(
    _ name: String,
    target: String? = nil,
    level: Level = .info,
    parent: ParentSpan = .current,
    _ fields: @autoclosure () -> [Field] = [],
    file: String = #fileID,
    line: UInt32 = #line,
    _ body: () throws(E) -> R
) throws(E) -> R {
    guard Telemetry.isEnabled(level) else { return try body() }
    let metadata = Metadata(name: name, target: target, level: level, fileID: file, line: line)
    return try runInSpan(OpenSpan(metadata, parent: parent, fields: fields())) { (_) throws(E) in try body() }
}

@usableFromInline
func runInSpan<R, E: Error>(_ open: OpenSpan, _ body: (inout Span) throws(E) -> R) throws(E) -> R {
    let outcome = SpanContext.$current.withValue(open.context) { () -> Result<R, E> in
        var span = Span(open)
        do throws(E) {
            return .success(try body(&span))
        } catch {
            span.recordError(error)
            return .failure(error)
        }
    }
    return try outcome.get()
}
