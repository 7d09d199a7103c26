// SPDX-License-Identifier: MIT OR Apache-2.0

internal import CVitrineGuest

/// How important a span or event is, with the ABI's numbers: a lower number is more important.
public enum Level: UInt32, Sendable {
    /// Something failed.
    case error = 1
    /// Something is odd.
    case warn = 2
    /// Something happened.
    case info = 3
    /// For the guest's author.
    case debug = 4
    /// Each step.
    case trace = 5
}

/// Events: `Log.info("done", ["count": .int(count)])`. An event below the host's level costs one load and a branch;
/// its message and
/// fields are not evaluated. Without the trait `trace_guest` nothing is compiled in.
public enum Log {
    /// An event of any level.
    @inline(__always)
    public static func event(
        _ level: Level, _ message: @autoclosure () -> LogText, _ fields: @autoclosure () -> Fields = [:],
        file: StaticString = #fileID, line: UInt32 = #line
    ) {
        #if trace_guest
            if vitrine_events_on(level.rawValue) {
                emit(level, message(), fields(), file: file, line: line)
            }
        #endif
    }

    /// An event of level error.
    @inline(__always)
    public static func error(
        _ message: @autoclosure () -> LogText, _ fields: @autoclosure () -> Fields = [:],
        file: StaticString = #fileID, line: UInt32 = #line
    ) { event(.error, message(), fields(), file: file, line: line) }

    /// An event of level warn.
    @inline(__always)
    public static func warn(
        _ message: @autoclosure () -> LogText, _ fields: @autoclosure () -> Fields = [:],
        file: StaticString = #fileID, line: UInt32 = #line
    ) { event(.warn, message(), fields(), file: file, line: line) }

    /// An event of level info.
    @inline(__always)
    public static func info(
        _ message: @autoclosure () -> LogText, _ fields: @autoclosure () -> Fields = [:],
        file: StaticString = #fileID, line: UInt32 = #line
    ) { event(.info, message(), fields(), file: file, line: line) }

    /// An event of level debug.
    @inline(__always)
    public static func debug(
        _ message: @autoclosure () -> LogText, _ fields: @autoclosure () -> Fields = [:],
        file: StaticString = #fileID, line: UInt32 = #line
    ) { event(.debug, message(), fields(), file: file, line: line) }

    /// An event of level trace.
    @inline(__always)
    public static func trace(
        _ message: @autoclosure () -> LogText, _ fields: @autoclosure () -> Fields = [:],
        file: StaticString = #fileID, line: UInt32 = #line
    ) { event(.trace, message(), fields(), file: file, line: line) }

    #if trace_guest
        // SAFETY: text, fields and location are lent to the runtime, which copies them.
        @inline(never)
        static func emit(_ level: Level, _ message: LogText, _ fields: Fields, file: StaticString, line: UInt32) {
            unsafe message.withText { text in
                unsafe fields.withCFields { fields, count in
                    var location = unsafe vitrine_location(file, line)
                    unsafe vitrine_event(level.rawValue, text, &location, fields, count)
                }
            }
        }
    #endif
}

extension vitrine_location {
    // SAFETY: text, fields and location are lent to the runtime, which copies them.
    /// From a `#fileID`: the module is the target, the rest the file.
    init(_ fileID: StaticString, _ line: UInt32) {
        let whole = unsafe fileID.text
        // SAFETY: the index stays below the literal's length.
        var slash = 0
        while unsafe slash < whole.byte_count, unsafe whole.bytes[slash] != 0x2F { slash += 1 }
        let rest = unsafe min(slash + 1, whole.byte_count)
        unsafe self.init(
            target: vitrine_text(bytes: whole.bytes, byte_count: slash),
            file: vitrine_text(bytes: whole.bytes + rest, byte_count: whole.byte_count - rest),
            line: line)
    }
}
