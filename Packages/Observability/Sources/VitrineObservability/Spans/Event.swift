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
    let message = message()
    // SAFETY: the pointer is used during the call only.
    unsafe withUnsafePointer(to: message) { message in
        MovingFields.lend(fields) { unsafe site.emitEvent(message, $0) }
    }
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
    let message = message()
    let fields = fields()
    // SAFETY: the pointer is used during the call only.
    unsafe withUnsafePointer(to: message) { unsafe site.emitEvent($0, fields.span) }
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
        let message = String(describing: error)
        let fields = [Field("exception.type", String(describing: type(of: error)))]
        // SAFETY: the pointer is used during the call only.
        unsafe withUnsafePointer(to: message) { unsafe emitEvent($0, fields.span) }
    }

    /// Makes an event of fields that are given up.
    @usableFromInline
    @inline(never)
    func emitEvent(_ message: UnsafePointer<String>, _ fields: MovingFields) {
        // SAFETY: as below.
        unsafe tell(message, fields.span)
        fields.release()
    }

    /// Makes an event of fields that somebody keeps.
    @usableFromInline
    @inline(never)
    func emitEvent(_ message: UnsafePointer<String>, _ fields: Swift.Span<Field>) {
        // SAFETY: as below.
        unsafe tell(message, fields)
    }

    /// Makes an event in the current span. The message is lent where it lies: a copy would count references.
    @inline(__always)
    private func tell(_ message: UnsafePointer<String>, _ fields: Swift.Span<Field>) {
        learnFieldNames(fields)
        @inline(__always)
        func tell(_ dispatch: Dispatch) {
            // The subscriber may be another one than was asked, just installed and less curious.
            guard level <= dispatch.maximumLevel else { return }
            let time: Timestamp? = dispatch.needs.contains(.timestamps) ? .now : nil
            // SAFETY: the view is gone before the caller's message is.
            dispatch.subscriber.eventDidOccur(
                unsafe EventView(
                    message: message, fields: fields, origin: .host, site: self, place: .current, time: time))
        }
        Telemetry.deliver { tell($0) }
    }
}
