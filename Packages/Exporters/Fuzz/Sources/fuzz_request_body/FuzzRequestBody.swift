// SPDX-License-Identifier: MIT OR Apache-2.0

import VitrineOTLP

/// The fuzzer's entry: any bytes are a request or an error, and the halves of a request have its records, in its order, down to
/// single ones. The first byte says which signal it is.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzRequestBody(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    // SAFETY: the fuzzer lends `count` bytes for the time of the call.
    let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    let signal = OTLPSignal.allCases[Int(bytes.first ?? 0) % OTLPSignal.allCases.count]
    guard let body = try? OTLPRequestBody(reading: Array(bytes.dropFirst()), of: signal) else { return 0 }
    let records = Records(body).all
    precondition(records.count == body.recordCount && body.recordCount <= count / 2)
    precondition(records.elementsEqual(leaves(body, depth: 0).flatMap { Records($0).all }))
    return 0
}

/// Halves of halves; not all of many, as time is better spent elsewhere.
func leaves(_ body: OTLPRequestBody, depth: Int) -> [OTLPRequestBody] {
    guard let (first, second) = body.halves else {
        precondition(body.recordCount <= 1)
        return [body]
    }
    precondition(first.recordCount == body.recordCount / 2)
    precondition(first.recordCount + second.recordCount == body.recordCount)
    for half in [first, second] {
        precondition(half.bytes.count < body.bytes.count)
        precondition((try? OTLPRequestBody(reading: half.bytes, of: half.signal)) == half)
    }
    return depth == 6 ? [first, second] : leaves(first, depth: depth + 1) + leaves(second, depth: depth + 1)
}

/// The records of a request that was read, found in the simplest way, with the fields of the messages around each.
struct Records {
    private(set) var all: [[[UInt8]]] = []

    init(_ body: OTLPRequestBody) {
        let path: [[UInt64]] = [[1], [2], [2]] + (body.signal == .metrics ? [[5, 7, 9, 10, 11], [1]] : [])
        find(body.bytes[...], path[...], [])
    }

    private mutating func find(_ message: ArraySlice<UInt8>, _ path: ArraySlice<[UInt64]>, _ around: [[UInt8]]) {
        guard let numbers = path.first else { return all.append(around + [Array(message)]) }
        var inner: [(number: UInt64, content: ArraySlice<UInt8>)] = []
        var others: [UInt8] = []
        var rest = message
        while !rest.isEmpty {
            let field = rest
            let tag = Self.number(&rest)
            switch tag & 7 {
            case 0: _ = Self.number(&rest)
            case 1: rest = rest.dropFirst(8)
            case 5: rest = rest.dropFirst(4)
            default:
                let length = Int(Self.number(&rest))
                if numbers.contains(tag >> 3) {
                    inner.append((tag >> 3, rest.prefix(length)))
                    rest = rest.dropFirst(length)
                    continue
                }
                rest = rest.dropFirst(length)
            }
            others += field[field.startIndex..<rest.startIndex]
        }
        for (number, content) in inner { find(content, path.dropFirst(), around + [others, [UInt8(number)]]) }
    }

    private static func number(_ rest: inout ArraySlice<UInt8>) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while let byte = rest.popFirst() {
            value |= UInt64(byte & 127) << shift
            shift += 7
            if byte < 128 { break }
        }
        return value
    }
}
