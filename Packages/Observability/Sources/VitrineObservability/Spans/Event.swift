// SPDX-License-Identifier: MIT OR Apache-2.0

/// Records that something happened, in the current span. Message and fields are evaluated only when somebody listens.
///
/// Costs a relaxed load and a branch when nobody does; about 10 ns and no allocation beside what the subscriber does.
///
/// - Parameters:
///   - message: what happened.
///   - target: the part of the program, the module of the call if nil.
///   - level: how much it matters.
///   - fields: `[Field("key", value), …]`, kept on the stack.
@inlinable
@inline(__always)
public func event<let fieldCount: Int>(
    _ message: @autoclosure () -> String,
    target: StaticString? = nil,
    level: Level = .info,
    _ fields: @autoclosure () -> InlineArray<fieldCount, Field> = noFields(),
    file: StaticString = #fileID,
    line: UInt32 = #line
) {
    guard let site = Telemetry.enabledSite("event", target, level, .event, file, line) else { return }
    var message = message()
    MovingFields.lend(fields) { site.emitEvent(&message, $0) }
}

/// The same with fields whose number is known only when the program runs.
@inlinable
@inline(__always)
public func event(
    _ message: @autoclosure () -> String,
    target: StaticString? = nil,
    level: Level = .info,
    fields: @autoclosure () -> [Field],
    file: StaticString = #fileID,
    line: UInt32 = #line
) {
    guard let site = Telemetry.enabledSite("event", target, level, .event, file, line) else { return }
    var message = message()
    site.emitEvent(&message, fields().span)
}

/// The fields of a span or event that has none.
@inlinable
@inline(__always)
public func noFields() -> InlineArray<0, Field> { [] }

extension SiteReference {
    /// Makes the event of an error, in the current span.
    @usableFromInline
    @inline(never)
    func emitError(_ error: any Error) {
        var message = String(describing: error)
        emitEvent(&message, [Field("exception.type", String(describing: type(of: error)))].span)
    }

    /// Makes an event of fields that are given up.
    @usableFromInline
    @inline(never)
    func emitEvent(_ message: inout String, _ fields: MovingFields) {
        emitEvent(&message, fields.span)
        fields.release()
    }

    /// Makes an event in the current span. The message is not changed: it is `inout` to be lent where it lies.
    @usableFromInline
    func emitEvent(_ message: inout String, _ fields: Swift.Span<Field>) {
        learnFieldNames(fields)
        // SAFETY: the view is gone before the pointer is.
        unsafe withUnsafePointer(to: &message) { message in
            Telemetry.deliver { dispatch in
                let time: Timestamp? = dispatch.needs.contains(.timestamps) ? .now : nil
                dispatch.subscriber.eventDidOccur(
                    unsafe EventView(
                        message: message, fields: fields, origin: .host, site: self, place: .current, time: time))
            }
        }
    }
}
