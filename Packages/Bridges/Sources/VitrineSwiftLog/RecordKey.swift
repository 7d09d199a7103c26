// SPDX-License-Identifier: MIT OR Apache-2.0

/// The keys of fields and metadata that the bridge itself writes.
enum RecordKey {
    /// The level of swift-log where ours is coarser: `notice` or `critical`.
    static let level = "log.level"
    /// The source of swift-log where it is not the label.
    static let source = "log.source"
    /// The function, by OpenTelemetry's name for it.
    static let function = "code.function.name"
    /// The type of an error, by OpenTelemetry's name for it.
    static let errorType = "exception.type"
    /// What an error says, by OpenTelemetry's name for it.
    static let errorMessage = "exception.message"

    /// The trace a record belongs to, 32 digits.
    static let traceID = "trace_id"
    /// The span a record belongs to, 16 digits.
    static let spanID = "span_id"
    /// `guest` for what a guest said.
    static let origin = "origin"
    /// When a guest's record was made, in nanoseconds since the epoch: swift-log knows only the time of writing.
    static let time = "time_unix_nano"
    /// The kind of an event that is no plain one, such as `exception`.
    static let name = "event.name"
    /// How long a span took, in nanoseconds.
    static let duration = "duration_ns"
    /// What failed.
    static let error = "error"
}
