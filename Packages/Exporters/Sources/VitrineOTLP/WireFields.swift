// SPDX-License-Identifier: MIT OR Apache-2.0

/// A field of a message of protobuf, by its places in the bytes.
struct WireField: Sendable, Hashable {
    /// What of the bytes says which field it is.
    let tag: Range<Int>
    /// All of it, with its tag and its length.
    let all: Range<Int>
    /// What is in it; nil for one that has no length, as numbers have none.
    let content: Range<Int>?
    /// Which field it is, from 1.
    let number: UInt32
}

/// Reads the fields of a message one after the other, without looking into them. Total: any bytes give fields, then nil.
///
/// Groups, which proto3 has not and protobuf-c does not read, are malformed.
///
/// https://protobuf.dev/programming-guides/encoding/#structure
struct WireFields {
    private let bytes: [UInt8]
    private var place: Int
    private let end: Int
    /// Whether what comes next is no field, or is cut off: nothing is read from there on.
    private(set) var isMalformed = false

    /// - Parameter range: where the message is; within the bytes.
    init(_ bytes: [UInt8], _ range: Range<Int>) {
        self.bytes = bytes
        place = range.lowerBound
        end = min(range.upperBound, bytes.count)
    }

    /// The next field; nil at the end, or where there is none.
    mutating func next() -> WireField? {
        guard !isMalformed, place < end else { return nil }
        if let field = read() {
            place = field.all.upperBound
            return field
        }
        isMalformed = true
        return nil
    }

    private func read() -> WireField? {
        var place = place
        guard let tag = readNumber(&place), tag >> 3 >= 1, let number = UInt32(exactly: tag >> 3), number < 1 << 29
        else { return nil }
        let start = place
        let content: Range<Int>?
        switch tag & 7 {
        case 0:
            guard readNumber(&place) != nil else { return nil }
            content = nil
        case 1, 5:
            let count = tag & 7 == 1 ? 8 : 4
            guard end - place >= count else { return nil }
            place += count
            content = nil
        case 2:
            guard let count = readNumber(&place), count <= UInt64(end - place) else { return nil }
            content = place..<(place + Int(count))
            place += Int(count)
        default: return nil
        }
        return WireField(tag: self.place..<start, all: self.place..<place, content: content, number: number)
    }

    /// A number of up to ten bytes, seven bits in each.
    private func readNumber(_ place: inout Int) -> UInt64? {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), through: 63, by: 7) {
            guard place < end else { return nil }
            let byte = bytes[place]
            place += 1
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
        }
        return nil
    }
}

extension [UInt8] {
    /// Appends a number in as few bytes as it takes.
    mutating func append(wireNumber number: Int) {
        var rest = UInt64(number)
        while rest > 0x7F {
            append(UInt8(rest & 0x7F) | 0x80)
            rest >>= 7
        }
        append(UInt8(rest))
    }
}
