// SPDX-License-Identifier: MIT OR Apache-2.0

import VitrineObservability
import VitrineWire

/// Makes spans of a guest's records: its numbers become W3C identifiers, and each span gets its parent.
///
/// A guest's span lives at most as long as the call it was opened in.
struct SpanAssembler: Sendable {
    private struct OpenSpan {
        let number: UInt64
        var record: SpanRecord
        /// Whether somebody wanted its beginning.
        let isWanted: Bool
    }

    /// The field of a span that the guest did not close.
    static let unfinishedKey = "vitrine.unfinished"
    /// Fields kept of one span; edits beyond that many different keys are cut.
    static let maximumFieldCount = 2 * GuestABI.Limit.fields

    /// The open ones, innermost last.
    private var open: [OpenSpan] = []
    /// The host's span around the guest: the parent of the guest's outermost ones.
    private(set) var root: SpanContext?

    /// A call begins below a span of the host, or below none.
    mutating func begin(root: SpanContext?) {
        self.root = root
        open.removeAll(keepingCapacity: true)
    }

    /// The guest's innermost open span.
    var innermost: SpanContext? { open.last?.record.context }

    /// The span of a number; nil if it is not open.
    func context(of number: UInt64) -> SpanContext? {
        open.last { $0.number == number }?.record.context
    }

    /// Opens a span; the reason if it has to be dropped.
    mutating func open(
        _ number: UInt64, parent: UInt64, metadata: Metadata, fields: [Field], at time: Timestamp
    ) -> DropReason? {
        guard open.count < GuestABI.Limit.openSpans else { return .openSpans }
        guard number != 0, context(of: number) == nil else { return .malformed }
        let above = parent == 0 ? root : context(of: parent) ?? root
        let record = SpanRecord(
            context: SpanContext(below: above),
            parent: above?.spanID,
            metadata: metadata,
            origin: .guest,
            start: time,
            fields: fields
        )
        open.append(OpenSpan(number: number, record: record, isWanted: Telemetry.spanDidStart(record)))
        return nil
    }

    /// Closes a span, if it is open.
    mutating func close(_ number: UInt64, at time: Timestamp) {
        guard let index = open.lastIndex(where: { $0.number == number }) else { return }
        end(open.remove(at: index), at: time)
    }

    /// Adds fields to a span, if it is open; a later value of a key replaces the earlier one.
    mutating func edit(_ number: UInt64, fields: [Field]) {
        guard let index = open.lastIndex(where: { $0.number == number }) else { return }
        for field in fields {
            if let known = open[index].record.fields.firstIndex(where: { $0.key == field.key }) {
                open[index].record.fields[known] = field
            } else if open[index].record.fields.count < Self.maximumFieldCount {
                open[index].record.fields.append(field)
            }
        }
    }

    /// The call is over: what is still open ends now, innermost first, marked.
    mutating func finish(at time: Timestamp) {
        while var last = open.popLast() {
            last.record.fields.append(Field(Self.unfinishedKey, true))
            end(last, at: time)
        }
        root = nil
    }

    /// Whether any span is open.
    var isEmpty: Bool { open.isEmpty }

    private func end(_ span: OpenSpan, at time: Timestamp) {
        var record = span.record
        record.end = max(record.start, time)
        Telemetry.spanDidEnd(record, wasWanted: span.isWanted)
    }
}
