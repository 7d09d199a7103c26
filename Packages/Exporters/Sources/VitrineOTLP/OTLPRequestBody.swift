// SPDX-License-Identifier: MIT OR Apache-2.0

/// A request of OTLP as it goes out, which can be taken apart: for a receiver that finds it too large when there are only its
/// bytes left.
///
/// Records are spans, log records or data points. Only the messages around them are read, and what is in a record is not
/// looked at: so bytes that are read here may still be refused by a receiver. A part has each of its records byte for byte,
/// in the same order and in the same resource, scope and metric, whose other fields, those that nobody knows included, are
/// repeated byte for byte.
///
/// It works on the bytes and not on messages of protobuf-c: a tree of those takes many times the memory of the bytes, which
/// may be forged to take more, and does not keep fields in their order. On the bytes the depth is five messages at most, and
/// memory is taken for the parts and for what of them is copied inward out, at most as often.
///
/// https://opentelemetry.io/docs/specs/otlp/#binary-protobuf-encoding
public struct OTLPRequestBody: Sendable, Hashable {
    /// The most bytes of a request that is read: those that protobuf has for a message.
    public static let maximumByteCount = Int(Int32.max)

    /// What it is a request of.
    public let signal: OTLPSignal
    /// The request, binary protobuf without compression.
    public let bytes: [UInt8]
    /// How many spans, data points or log records it has.
    public let recordCount: Int

    /// Reads a request. Any bytes give a value or an error: `.tooLarge` beyond `maximumByteCount`, `.malformed` for what is no
    /// such request down to its records.
    ///
    /// Looks at each record's length once: about 30 ns a record, more where these are far apart. Takes no memory.
    public init(reading bytes: [UInt8], of signal: OTLPSignal) throws(OTLPDecodingError) {
        guard bytes.count <= Self.maximumByteCount else { throw .tooLarge(byteCount: bytes.count) }
        let walk = RequestWalk(bytes, RequestLayout(signal))
        guard let recordCount = walk.count(0..<bytes.count, at: 0) else { throw .malformed }
        self.init(signal, bytes, recordCount: recordCount)
    }

    private init(_ signal: OTLPSignal, _ bytes: [UInt8], recordCount: Int) {
        self.signal = signal
        self.bytes = bytes
        self.recordCount = recordCount
    }

    /// Two requests instead of one: the first with half of the records, rounded down, the second with the others. nil if there
    /// is only one record, or none.
    ///
    /// Each has fewer bytes than this one; both together have more, as they repeat what is around the records. A resource,
    /// scope or metric that has no records is in one of both. Costs about 2 µs a record of 440 bytes, most of it for memory.
    public var halves: (OTLPRequestBody, OTLPRequestBody)? {
        guard recordCount > 1 else { return nil }
        let middle = recordCount / 2
        return (part(0..<middle), part(middle..<recordCount))
    }

    /// The request with some of the records only; those that are not there are left out.
    package func part(_ records: Range<Int>) -> OTLPRequestBody {
        let wanted = records.clamped(to: 0..<recordCount)
        var cut = RequestCut(RequestWalk(bytes, RequestLayout(signal)), wanted, recordCount: recordCount)
        return OTLPRequestBody(signal, cut.part(), recordCount: wanted.count)
    }
}
