// SPDX-License-Identifier: MIT OR Apache-2.0

/// Events in the words of a logger: `log.info("listening", [Field("port", port)])`.
///
/// Costs what `event` costs: nothing of a line is evaluated unless somebody wants it.
public struct Log: Sendable {
    /// The part of the program, the module of each call if nil.
    @usableFromInline
    let target: StaticString?

    /// A log of a part of the program.
    @inlinable
    public init(target: StaticString? = nil) {
        self.target = target
    }

    /// Something failed.
    @inlinable
    @inline(__always)
    public func error<let fieldCount: Int>(
        _ message: @autoclosure () -> String, _ fields: @autoclosure () -> InlineArray<fieldCount, Field> = noFields(),
        file: StaticString = #fileID, line: UInt32 = #line
    ) {
        event(message(), target: target, level: .error, fields(), file: file, line: line)
    }

    /// Something looks wrong, the work goes on.
    @inlinable
    @inline(__always)
    public func warn<let fieldCount: Int>(
        _ message: @autoclosure () -> String, _ fields: @autoclosure () -> InlineArray<fieldCount, Field> = noFields(),
        file: StaticString = #fileID, line: UInt32 = #line
    ) {
        event(message(), target: target, level: .warn, fields(), file: file, line: line)
    }

    /// What an operator wants to see.
    @inlinable
    @inline(__always)
    public func info<let fieldCount: Int>(
        _ message: @autoclosure () -> String, _ fields: @autoclosure () -> InlineArray<fieldCount, Field> = noFields(),
        file: StaticString = #fileID, line: UInt32 = #line
    ) {
        event(message(), target: target, level: .info, fields(), file: file, line: line)
    }

    /// What the author of the code wants to see.
    @inlinable
    @inline(__always)
    public func debug<let fieldCount: Int>(
        _ message: @autoclosure () -> String, _ fields: @autoclosure () -> InlineArray<fieldCount, Field> = noFields(),
        file: StaticString = #fileID, line: UInt32 = #line
    ) {
        event(message(), target: target, level: .debug, fields(), file: file, line: line)
    }

    /// Everything.
    @inlinable
    @inline(__always)
    public func trace<let fieldCount: Int>(
        _ message: @autoclosure () -> String, _ fields: @autoclosure () -> InlineArray<fieldCount, Field> = noFields(),
        file: StaticString = #fileID, line: UInt32 = #line
    ) {
        event(message(), target: target, level: .trace, fields(), file: file, line: line)
    }
}
