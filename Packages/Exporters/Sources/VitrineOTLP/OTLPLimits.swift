// SPDX-License-Identifier: MIT OR Apache-2.0

/// How much of each record goes out. What is beyond is dropped, and the receiver is told how much.
///
/// But for the last two these are those of OpenTelemetry, with its defaults:
/// https://opentelemetry.io/docs/specs/otel/trace/sdk/#span-limits. Negative limits count as zero.
public struct OTLPLimits: Sendable, Hashable {
    /// The most attributes of a span, an event, a link or a log record, without those that the encoder adds.
    public var attributeCount = 128
    /// The same for an event of a span, where it is another number.
    public var eventAttributeCount: Int?
    /// The same for a link, where it is another number.
    public var linkAttributeCount: Int?
    /// The same for a log record, where it is another number.
    public var logRecordAttributeCount: Int?
    /// The most events of a span.
    public var eventCount = 128
    /// The most links of a span.
    public var linkCount = 128
    /// The most bytes of UTF-8 in a text that is a value of an attribute or an element of one; the rest is cut off.
    public var valueByteCount = Int.max
    /// The same for log records, where it is another number.
    public var logRecordValueByteCount: Int?
    /// The most bytes of a request; at most 2³¹ - 1. Counted are the bytes that the request can have at most, which may be
    /// twice those it has.
    public var requestByteCount = 64 << 20
    /// The most memory that an encoder keeps from one request to the next, in bytes.
    public var retainedByteCount = 8 << 20

    /// The defaults.
    public init() {}
}
