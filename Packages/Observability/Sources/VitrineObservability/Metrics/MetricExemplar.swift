// SPDX-License-Identifier: MIT OR Apache-2.0

/// One of the values behind a series, and the span it was measured in: the way from a number to a trace.
///
/// A registry made with `keepsExemplars` keeps some of each counter and histogram; a series made by hand may have any.
///
/// https://opentelemetry.io/docs/specs/otel/metrics/data-model/#exemplars
public struct MetricExemplar: Sendable, Hashable {
    /// A measured value.
    public enum Value: Sendable, Hashable {
        /// What was added to a counter.
        case int64(Int64)
        /// Of anything else.
        case double(Double)
    }

    /// The span; nil if it was measured outside of any.
    public var context: SpanContext?
    /// When it was measured.
    public var time: Timestamp
    /// What was measured.
    public var value: Value
    /// What is said about the measurement and is not among the labels of the series. A registry says nothing.
    public var fields: [Field]

    /// An exemplar of all its parts.
    public init(_ value: Value, in context: SpanContext?, at time: Timestamp, fields: [Field] = []) {
        self.value = value
        self.context = context
        self.time = time
        self.fields = fields
    }
}
