// SPDX-License-Identifier: MIT OR Apache-2.0

/// Finds the records of a request by walking over the bytes of its protobuf, with nothing in common with the encoder.
///
/// Spans and log records are at the same place: field 1 of the request holds field 2 holds field 2. In a span field 2 is its id.
enum RequestWalk {
    /// Calls with the id of each span, big-endian as it came. False if the bytes are not as they should be.
    static func spanIDs(_ body: [UInt8], _ visit: (UInt64) -> Void) -> Bool {
        records(body) { record in
            var id: UInt64?
            let isWhole = fields(body, record) { number, range in
                guard number == 2, range.count == 8 else { return true }
                id = body[range].reduce(0) { $0 << 8 | UInt64($1) }
                return true
            }
            guard isWhole, let id else { return false }
            visit(id)
            return true
        }
    }

    /// How many records there are; nil if the bytes are not as they should be.
    static func recordCount(_ body: [UInt8]) -> Int? {
        var count = 0
        let isWhole = records(body) { _ in
            count += 1
            return true
        }
        return isWhole ? count : nil
    }

    private static func records(_ body: [UInt8], _ visit: (Range<Int>) -> Bool) -> Bool {
        fields(body, 0..<body.count) { number, resource in
            number != 1
                || fields(body, resource) { number, scope in
                    number != 2 || fields(body, scope) { number, record in number != 2 || visit(record) }
                }
        }
    }

    /// Calls with each field that has a length, until one says no.
    private static func fields(_ body: [UInt8], _ range: Range<Int>, _ visit: (UInt64, Range<Int>) -> Bool) -> Bool {
        var next = range.lowerBound
        while next < range.upperBound {
            guard let key = number(body, &next, range.upperBound) else { return false }
            switch key & 7 {
            case 0: if number(body, &next, range.upperBound) == nil { return false }
            case 1: next += 8
            case 5: next += 4
            case 2:
                guard let length = number(body, &next, range.upperBound), length <= UInt64(range.upperBound - next)
                else { return false }
                guard visit(key >> 3, next..<(next + Int(length))) else { return false }
                next += Int(length)
            default: return false
            }
        }
        return next == range.upperBound
    }

    private static func number(_ body: [UInt8], _ next: inout Int, _ end: Int) -> UInt64? {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            guard next < end else { return nil }
            let byte = body[next]
            next += 1
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
        }
        return nil
    }
}
