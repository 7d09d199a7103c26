// SPDX-License-Identifier: MIT OR Apache-2.0

/// A span that is started and ended by hand; it ends with its scope at the latest.
///
/// Prefer `withSpan`, which also makes the span current and records a thrown error. Not copyable, so it has one owner
/// and ends once; it may end on another thread than it began. When nobody listens it is empty: nothing is allocated,
/// and all its operations do nothing.
public struct Span: ~Copyable, Sendable {
    @usableFromInline
    let open: OpenSpan?

    /// Starts a span if somebody listens at `level`; only then are the fields evaluated.
    ///
    /// - Parameters:
    ///   - name: what is done, from a small set of names; put what varies into fields.
    ///   - target: the part of the program, the module of `file` if nil.
    ///   - level: how much it matters.
    ///   - parent: the span above; `.current` unless said otherwise.
    ///   - fields: what is known at the start.
    ///   - file: the place in the code.
    ///   - line: the place in the code.
    @inlinable
    @inline(__always)
    public init(
        _ name: String,
        target: String? = nil,
        level: Level = .info,
        parent: ParentSpan = .current,
        _ fields: @autoclosure () -> [Field] = [],
        file: String = #fileID,
        line: UInt32 = #line
    ) {
        if Telemetry.isEnabled(level) {
            let metadata = Metadata(name: name, target: target, level: level, fileID: file, line: line)
            open = OpenSpan(metadata, parent: parent, fields: fields())
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
    deinit {
        if let open { open.end(at: nil) }
    }

    /// The identity to give to children elsewhere; nil when nobody listens.
    @inlinable
    public var context: SpanContext? { open?.context }

    /// Adds a field, evaluated only when somebody listens.
    @inlinable
    public mutating func add(_ field: @autoclosure () -> Field) {
        if let open { open.add(field()) }
    }

    /// Marks the span as failed, evaluated only when somebody listens. The last description counts.
    @inlinable
    public mutating func setError(_ description: @autoclosure () -> String) {
        if let open { open.setError(description()) }
    }

    /// Marks the span as failed and records the error as an event, unless it came up from a child that did.
    @inlinable
    public mutating func recordError(_ error: any Error) {
        if let open { open.recordError(error) }
    }

    /// Ends the span now, before its scope does.
    @inlinable
    public consuming func end() {
        if let open { open.end(at: nil) }
    }

    /// Ends the span at a given time, or at its start if that is later.
    @inlinable
    public consuming func end(at time: Timestamp) {
        if let open { open.end(at: time) }
    }
}
