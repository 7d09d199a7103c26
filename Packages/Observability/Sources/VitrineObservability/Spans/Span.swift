// SPDX-License-Identifier: MIT OR Apache-2.0

/// A span that is started and ended by hand; it ends with its scope at the latest.
///
/// Prefer `withSpan`, which also makes the span current and records a thrown error. Not copyable, so it has one owner
/// and ends once; it may end on another thread than it began. When nobody listens it is empty: nothing is evaluated,
/// and all its operations do nothing.
@frozen
public struct Span: ~Copyable, Sendable {
    @usableFromInline
    let open: OpenSpan?

    /// Starts a span if somebody listens; only then are the fields evaluated.
    ///
    /// - Parameters:
    ///   - name: what is done, from a small set of names; put what varies into fields.
    ///   - target: the part of the program, the module of `file` if nil.
    ///   - level: how much it matters.
    ///   - kind: its role between processes.
    ///   - parent: the span above; `.current` unless said otherwise.
    ///   - fields: what is known at the start.
    ///   - file: the place in the code.
    ///   - line: the place in the code.
    @inlinable
    @inline(__always)
    public init<let fieldCount: Int>(
        _ name: StaticString,
        target: StaticString? = nil,
        level: Level = .info,
        kind: SpanKind = .internal,
        parent: ParentSpan = .current,
        _ fields: @autoclosure () -> InlineArray<fieldCount, Field> = noFields(),
        file: StaticString = #fileID,
        line: UInt32 = #line
    ) {
        if let site = Telemetry.enabledSite(name, target, level, .span, file, line) {
            open = OpenSpan.begin(site, kind, parent, fields)
        } else {
            open = nil
        }
    }

    @inlinable
    @inline(__always)
    init(_ open: OpenSpan?) {
        self.open = open
    }

    @inlinable
    @inline(__always)
    deinit {
        if let open { open.end(at: nil) }
    }

    /// The identity to give to children elsewhere; nil when nobody listens.
    @inlinable
    public var context: SpanContext? { open?.context }

    /// Whether somebody listens to it.
    @inlinable
    public var isRecorded: Bool { open != nil }

    /// Adds a field, evaluated only when somebody listens.
    @inlinable
    @inline(__always)
    public mutating func add(_ field: @autoclosure () -> Field) {
        if let open { open.add(field()) }
    }

    /// Adds fields, evaluated only when somebody listens.
    @inlinable
    public mutating func add(contentsOf fields: @autoclosure () -> [Field]) {
        if let open {
            for field in fields() { open.add(field) }
        }
    }

    /// Ties the span to another that is not its parent.
    @inlinable
    public mutating func add(_ link: @autoclosure () -> SpanLink) {
        if let open { open.add(link()) }
    }

    /// Marks the span as failed, evaluated only when somebody listens. The last status counts.
    @inlinable
    public mutating func setError(_ description: @autoclosure () -> String) {
        if let open { open.setStatus(.error(description())) }
    }

    /// Says that the span went well. The last status counts.
    @inlinable
    public mutating func setOK() {
        if let open { open.setStatus(.ok) }
    }

    /// Marks the span as failed and records the error as an event, unless it came up from a child that did.
    @inlinable
    public mutating func recordError(_ error: any Error) {
        if let open { open.recordError(error) }
    }

    /// Records an error that left a span nobody wanted, where errors alone are wanted: a subscriber of level `error` gets
    /// to see it all the same. Does nothing for a span that is listened to, which records its errors itself.
    ///
    /// `withSpan` does not do this by itself: without spans nobody could tell an error on its way up from a new one. Call
    /// it in the outermost operation of a library.
    @inlinable
    public mutating func recordUnheardError(
        _ error: any Error, target: StaticString? = nil, file: StaticString = #fileID, line: UInt32 = #line
    ) {
        if open == nil, let site = Telemetry.enabledSite("exception", target, .error, .event, file, line) {
            site.emitError(error)
        }
    }

    /// Ends the span now, before its scope does.
    @inlinable
    public consuming func end() {
        end(open, at: nil)
        discard self
    }

    /// Ends the span at a given time, or at its start if that is later.
    @inlinable
    public consuming func end(at time: Timestamp) {
        end(open, at: time)
        discard self
    }

    @inlinable
    func end(_ open: OpenSpan?, at time: Timestamp?) {
        if let open { open.end(at: time) }
    }
}
