// SPDX-License-Identifier: MIT OR Apache-2.0

internal import CVitrineGuest

/// An open span, inside the closure of `withSpan`.
public struct GuestSpan: ~Copyable {
    let raw: vitrine_span

    // SAFETY: fields and location are lent to the runtime, which copies them.
    /// Adds fields, or replaces the values of those that the span has.
    public func record(_ fields: @autoclosure () -> Fields) {
        #if trace_guest
            if raw.id != 0 {
                unsafe fields().withCFields { fields, count in unsafe vitrine_span_edit(raw, fields, count) }
            }
        #endif
    }
}

/// Runs a closure inside a span: `try withSpan("parse", ["bytes": .int(count)]) { span in … }`. The span is a child of
/// the one that is open, and closes when the closure returns or throws. Off, it costs one load and a branch.
@inline(__always)
public func withSpan<Result, Failure: Error>(
    _ name: StaticString, level: Level = .info, _ fields: @autoclosure () -> Fields = [:],
    file: StaticString = #fileID, line: UInt32 = #line,
    _ body: (borrowing GuestSpan) throws(Failure) -> Result
) throws(Failure) -> Result {
    #if trace_guest
        let span =
            vitrine_spans_on(level.rawValue)
            ? GuestSpan.open(name, level, fields(), file: file, line: line)
            : GuestSpan(raw: vitrine_span(id: 0, parent: 0))
        defer { vitrine_span_close(span.raw) }
    #else
        let span = GuestSpan(raw: vitrine_span(id: 0, parent: 0))
    #endif
    return try body(span)
}

#if trace_guest
    extension GuestSpan {
        @inline(never)
        static func open(
            _ name: StaticString, _ level: Level, _ fields: Fields, file: StaticString, line: UInt32
        ) -> GuestSpan {
            var opened = vitrine_span(id: 0, parent: 0)
            // SAFETY: fields and location are lent to the runtime, which copies them.
            unsafe fields.withCFields { fields, count in
                var location = unsafe vitrine_location(file, line)
                opened = unsafe vitrine_span_open(level.rawValue, name.text, &location, fields, count)
            }
            return GuestSpan(raw: opened)
        }
    }
#endif
