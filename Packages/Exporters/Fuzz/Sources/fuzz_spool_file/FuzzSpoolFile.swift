// SPDX-License-Identifier: MIT OR Apache-2.0

import VitrineOTLP
import VitrineOTLPSpool
import VitrineObservability

/// The fuzzer's entry: any bytes give a file, which is the same bytes when it is written again, or an error. As no fuzzer finds
/// a checksum, the bytes are also taken for the body of a file, and for the numbers of its header.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzSpoolFile(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    // SAFETY: the fuzzer lends `count` bytes for the time of the call.
    let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    look(at: bytes)
    let signal = OTLPSignal.allCases[Int(bytes.first ?? 0) % OTLPSignal.allCases.count]
    let number = bytes.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    let header = OTLPSpoolHeader(
        signal, recordCount: Int(truncatingIfNeeded: number), time: Timestamp(nanosecondsSinceEpoch: number),
        body: bytes.span)
    var file = header.bytes + bytes
    guard let read = try? OTLPSpoolFile(reading: file.span) else { preconditionFailure("what is written is read") }
    precondition(read.header == header && read.body == bytes)
    precondition(header.recordCount >= 0 && header.recordCount <= bytes.count)
    // One bit turned, at a place of the fuzzer's choice.
    let place = Int(number % UInt64(file.count))
    file[place] ^= 1 << UInt8(number >> 32 & 7)
    precondition((try? OTLPSpoolFile(reading: file.span)) == nil)
    return 0
}

func look(at bytes: [UInt8]) {
    guard let file = try? OTLPSpoolFile(reading: bytes.span) else { return }
    precondition(file.header.bytes + file.body == bytes)
    precondition(file.header.recordCount <= file.body.count)
}
