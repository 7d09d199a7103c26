// SPDX-License-Identifier: MIT OR Apache-2.0

/// Records that something happened, in the current span. Message and fields are evaluated only when somebody listens.
///
/// - Parameters:
///   - target: the part of the program, the module of the call if nil.
///   - level: how much it matters.
@inlinable
@inline(__always)
public func event(
    _ message: @autoclosure () -> String,
    target: String? = nil,
    level: Level = .info,
    _ fields: @autoclosure () -> [Field] = [],
    file: String = #fileID,
    line: UInt32 = #line
) {
    guard Telemetry.isEnabled(level) else { return }
    emitEvent(message(), target: target, level: level, fields: fields(), file: file, line: line)
}

@usableFromInline
@inline(never)
func emitEvent(_ message: String, target: String?, level: Level, fields: [Field], file: String, line: UInt32) {
    let metadata = Metadata(name: "event", target: target, level: level, fileID: file, line: line)
    Telemetry.emit(
        EventRecord(context: .current, metadata: metadata, time: .now, message: message, fields: fields))
}
