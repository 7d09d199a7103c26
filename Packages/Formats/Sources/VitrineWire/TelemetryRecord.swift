// SPDX-License-Identifier: MIT OR Apache-2.0

/// A telemetry record of a guest. Its strings, fields and frames stay in the records' bytes: a record is a plain value
/// of numbers and offsets, and reading one allocates nothing.
public struct TelemetryRecord: Hashable, Sendable {
    /// What a record tells, by kind.
    public enum Content: Hashable, Sendable {
        /// ``GuestABI/RecordKind/spanOpen``.
        case spanOpen(SpanOpen)

        /// ``GuestABI/RecordKind/spanClose``.
        case spanClose(span: UInt64)

        /// ``GuestABI/RecordKind/spanEdit``: values that replace earlier ones.
        case spanEdit(span: UInt64, fields: TelemetryFields)

        /// ``GuestABI/RecordKind/event``.
        case event(Event)

        /// ``GuestABI/RecordKind/print``.
        case print(TelemetryString)

        /// ``GuestABI/RecordKind/allocate``.
        case allocate(Allocation)

        /// ``GuestABI/RecordKind/free``: the size is 0 where the guest does not know it.
        case free(Allocation)
    }

    /// A span begins.
    public struct SpanOpen: Hashable, Sendable {
        /// The guest's number for the span.
        public let span: UInt64
        /// The enclosing span's number, or 0 for the root of the call.
        public let parent: UInt64
        /// The line in `file`.
        public let line: UInt32
        /// What the span is called.
        public let name: TelemetryString
        /// The module or component.
        public let target: TelemetryString
        /// The source file.
        public let file: TelemetryString
        /// The first values.
        public let fields: TelemetryFields
    }

    /// Something happened.
    public struct Event: Hashable, Sendable {
        /// The span's number, or 0 for none.
        public let span: UInt64
        /// The line in `file`.
        public let line: UInt32
        /// The text.
        public let message: TelemetryString
        /// The module or component.
        public let target: TelemetryString
        /// The source file.
        public let file: TelemetryString
        /// The values.
        public let fields: TelemetryFields
    }

    /// Memory was allocated or freed.
    public struct Allocation: Hashable, Sendable {
        /// Its address.
        public let address: UInt64
        /// Its size in bytes, as the guest tells it.
        public let byteCount: UInt64
        /// Who did it, innermost first.
        public let frames: TelemetryFrames
    }

    /// The importance; ``GuestABI/Level/off`` in kinds that have none.
    public let level: GuestABI.Level

    /// Whether the guest cut a string, field or frame to fit the limits.
    public let isTruncated: Bool

    /// The record's number: a gap tells how many were lost.
    public let sequence: UInt64

    /// When, in ticks of the guest's `rdtsc`.
    public let ticks: UInt64

    /// What the record tells.
    public let content: Content
}
