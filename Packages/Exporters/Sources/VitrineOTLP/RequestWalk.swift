// SPDX-License-Identifier: MIT OR Apache-2.0

/// Which fields lead from a request down to its records.
///
/// All requests begin alike: resources, scopes in them, and what is observed in these.
struct RequestLayout: Sendable {
    /// How deep records lie.
    let recordLevel: Int

    init(_ signal: OTLPSignal) {
        // The data of a metric are one of several fields of it, and the points are in these.
        recordLevel = signal == .metrics ? 4 : 2
    }

    /// Whether a field of the message at a level is on the way, or is a record.
    func leads(_ field: WireField, at level: Int) -> Bool {
        switch level {
        case 0, 4: field.number == 1
        case 3: [5, 7, 9, 10, 11].contains(field.number)
        default: field.number == 2
        }
    }

    /// Whether a message at a level has at most one field on the way.
    func isSingle(at level: Int) -> Bool { level == 3 }
}

/// Finds the records of a request in its bytes.
struct RequestWalk: Sendable {
    let bytes: [UInt8]
    let layout: RequestLayout

    init(_ bytes: [UInt8], _ layout: RequestLayout) {
        self.bytes = bytes
        self.layout = layout
    }

    /// How many records a message has; nil if it is no such message. As deep as records lie, which is not up to the bytes.
    func count(_ range: Range<Int>, at level: Int) -> Int? {
        var count = 0
        var leadingCount = 0
        var fields = WireFields(bytes, range)
        while let field = fields.next() {
            guard layout.leads(field, at: level) else { continue }
            guard let content = field.content else { return nil }
            leadingCount += 1
            // Of a metric with data of two kinds readers take the last: halves of it would be another metric.
            if leadingCount > 1, layout.isSingle(at: level) { return nil }
            if level == layout.recordLevel {
                count += 1
            } else if let inner = self.count(content, at: level + 1) {
                count += inner
            } else {
                return nil
            }
        }
        return fields.isMalformed ? nil : count
    }
}

/// Makes a request of some of the records of another.
struct RequestCut {
    private let walk: RequestWalk
    private let wanted: Range<Int>
    private let recordCount: Int
    /// How many records were passed.
    private var passedCount = 0

    init(_ walk: RequestWalk, _ wanted: Range<Int>, recordCount: Int) {
        self.walk = walk
        self.wanted = wanted
        self.recordCount = recordCount
    }

    /// The bytes of the request; once.
    mutating func part() -> [UInt8] {
        var output: [UInt8] = []
        append(0..<walk.bytes.count, at: 0, to: &output)
        return output
    }

    private mutating func append(_ range: Range<Int>, at level: Int, to output: inout [UInt8]) {
        var fields = WireFields(walk.bytes, range)
        while let field = fields.next() {
            guard let content = field.content, walk.layout.leads(field, at: level) else {
                output += walk.bytes[field.all]
                continue
            }
            // All was read before: there is a count.
            let count = level == walk.layout.recordLevel ? 1 : walk.count(content, at: level + 1) ?? 0
            let records = passedCount..<(passedCount + count)
            let isWhole = count == 0 ? has(place: passedCount) : wanted.clamped(to: records) == records
            if isWhole {
                output += walk.bytes[field.all]
            } else if records.overlaps(wanted) {
                var inner: [UInt8] = []
                append(content, at: level + 1, to: &inner)
                output += walk.bytes[field.tag]
                output.append(wireNumber: inner.count)
                output += inner
            }
            passedCount = records.upperBound
        }
    }

    /// Whether what has no records is in the part: it goes with the record that comes next, or with the last.
    private func has(place: Int) -> Bool {
        wanted.contains(place) || place == recordCount && wanted.upperBound == recordCount
    }
}
