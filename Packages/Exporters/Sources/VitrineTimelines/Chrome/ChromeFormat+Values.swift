// SPDX-License-Identifier: MIT OR Apache-2.0

internal import VitrineLogWriters
internal import VitrineObservability

extension ChromeFormat {
    /// A value of a field, as JSON has it; integers beyond 2⁵³ are texts, which readers that use `Double` do not round.
    func append(_ value: FieldValue, _ limits: TimelineLimits, to record: inout LineBuffer) {
        switch value {
        case .string(let text): Self.append(text, upTo: limits.valueByteCount, to: &record)
        case .int64(let number): Self.append(number, to: &record)
        case .uint64(let number): Self.append(number, to: &record)
        case .bool(let isTrue): record.append(isTrue ? "true" : "false")
        case .double(let number): Self.append(number, to: &record)
        case .bools, .int64s, .doubles, .strings: append(array: value, limits, to: &record)
        }
    }

    private static func append(_ text: String, upTo byteCount: Int, to record: inout LineBuffer) {
        record.append("\"")
        record.append(text, .timeline, upTo: byteCount)
        record.append("\"")
    }

    private static func append(_ number: Int64, to record: inout LineBuffer) {
        let isExact = number.magnitude <= 1 << 53
        if !isExact { record.append("\"") }
        record.append(decimal: number)
        if !isExact { record.append("\"") }
    }

    private static func append(_ number: UInt64, to record: inout LineBuffer) {
        let isExact = number <= 1 << 53
        if !isExact { record.append("\"") }
        record.append(decimal: number)
        if !isExact { record.append("\"") }
    }

    /// A number, or a text for what JSON has no number for.
    private static func append(_ number: Double, to record: inout LineBuffer) {
        if number.isFinite {
            record.append(number)
        } else {
            record.append(number.isNaN ? #""NaN""# : number < 0 ? #""-Infinity""# : #""Infinity""#)
        }
    }

    /// As many elements as the limit for a value lets through; the record says when some are missing.
    private func append(array value: FieldValue, _ limits: TimelineLimits, to record: inout LineBuffer) {
        let end = min(record.limit, record.count + limits.valueByteCount)
        record.append("[")
        switch value {
        case .bools(let elements):
            Self.append(elements, end, to: &record) { $1.append($0 ? "true" : "false") }
        case .int64s(let elements): Self.append(elements, end, to: &record) { Self.append($0, to: &$1) }
        case .doubles(let elements): Self.append(elements, end, to: &record) { Self.append($0, to: &$1) }
        case .strings(let elements):
            Self.append(elements, end, to: &record) { Self.append($0, upTo: max(0, end - $1.count), to: &$1) }
        case .bool, .int64, .uint64, .double, .string: break
        }
        record.append("]")
    }

    private static func append<Element>(
        _ elements: [Element], _ end: Int, to record: inout LineBuffer,
        _ appendOne: (Element, inout LineBuffer) -> Void
    ) {
        for (index, element) in elements.enumerated() {
            guard record.count < end else { return record.markCut() }
            if index > 0 { record.append(",") }
            appendOne(element, &record)
        }
    }
}
