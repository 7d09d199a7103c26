// SPDX-License-Identifier: MIT OR Apache-2.0

internal import VitrineObservability

/// Spans and events as they are written, that wait to be.
struct HeldRecords: Sendable {
    var bytes: [UInt8] = []
    var count = 0

    static func += (left: inout HeldRecords, right: HeldRecords) {
        left.bytes += right.bytes
        left.count += right.count
    }
}

/// A span that has not ended, and where it is drawn.
struct OpenSlice: Sendable {
    /// One that may be gone since.
    struct Reference: Sendable {
        let index: Int
        let span: SpanID
    }

    let context: SpanContext
    let parent: SpanID?
    let metadata: Metadata
    let origin: SpanOrigin
    let start: UInt64
    let process: Int
    /// The sandbox that it works for.
    let sandbox: UInt64?
    /// Its lane; nil where there was none left.
    var lane: Int?
    /// The nearest span around it that is of another process.
    let acrossBoundary: Reference?
    /// Whether the span around it is of another process, and an arrow leads from there to here.
    let isArrowTarget: Bool
    /// The children of other processes, to which arrows lead.
    var arrows: [UInt64] = []
    /// When the last of its closed children ended.
    var closedUntil: UInt64 = 0
    /// What has to come behind its beginning in the file, because it begins in the same nanosecond.
    var held = HeldRecords()

    /// From when on there is room in it.
    var freeFrom: UInt64 { max(start, closedUntil) }
}

/// What is known of a span when it ends, besides its view.
struct EndedSlice: Sendable {
    let place: LanePlace
    let start: UInt64
    let end: UInt64
    let isArrowTarget: Bool
    var arrows: [UInt64] = []
    var held = HeldRecords()
    /// The open slice that it begins together with, which its bytes have to wait for.
    var holder: Int?
}
