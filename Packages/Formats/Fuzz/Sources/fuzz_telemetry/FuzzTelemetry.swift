// SPDX-License-Identifier: MIT OR Apache-2.0

import VitrineWire

/// The fuzzer's entry: any bytes give records and losses that together cover them, in a bounded number.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzTelemetry(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    // SAFETY: the fuzzer lends `count` bytes for the time of the call.
    let region = unsafe RawSpan(_unsafeStart: UnsafeRawPointer(start), byteCount: count)
    if let header = try? TelemetryHeader(reading: region),
        let range = header.recordRange(regionByteCount: region.byteCount)
    {
        walk(region.extracting(range))
    }
    walk(region)
    return 0
}

func walk(_ records: RawSpan) {
    var reader = TelemetryRecordReader(records)
    var items = 0
    var lost = 0
    while let item = reader.next() {
        items += 1
        switch item {
        case .malformed(_, let offset, let lostByteCount):
            precondition(offset >= 0 && lostByteCount > 0 && offset <= records.byteCount - lostByteCount)
            lost += lostByteCount
        case .record(let record):
            look(at: record.content, records)
        }
    }
    precondition(lost <= records.byteCount)
    precondition(items <= records.byteCount / GuestABI.RecordOffset.byteCount + 1)
}

func look(at content: TelemetryRecord.Content, _ records: RawSpan) {
    switch content {
    case .spanOpen(let open):
        look(at: open.name, records)
        look(at: open.target, records)
        look(at: open.file, records)
        look(at: open.fields, records)
    case .event(let event):
        look(at: event.message, records)
        look(at: event.target, records)
        look(at: event.file, records)
        look(at: event.fields, records)
    case .spanEdit(_, let fields):
        look(at: fields, records)
    case .print(let text):
        look(at: text, records)
    case .allocate(let allocation), .free(let allocation):
        precondition(allocation.frames.count <= GuestABI.Limit.frames)
        for index in 0..<allocation.frames.count {
            precondition(allocation.frames.address(index, in: records) != nil)
        }
    case .spanClose:
        break
    }
}

func look(at fields: TelemetryFields, _ records: RawSpan) {
    var reader = fields.reader(in: records)
    var count = 0
    while let field = reader.next() {
        count += 1
        look(at: field.key, records)
        if case .string(let text) = field.value {
            look(at: text, records)
        }
    }
    precondition(count == fields.count && count <= GuestABI.Limit.fields)
}

func look(at string: TelemetryString, _ records: RawSpan) {
    precondition(string.byteCount <= GuestABI.Limit.stringBytes)
    guard case .inline = string else { return }
    guard let bytes = string.inlineBytes(in: records) else { preconditionFailure("an inline string has bytes") }
    var sum = 0
    for index in bytes.indices {
        sum &+= Int(bytes[index])
    }
    precondition(sum <= 255 * GuestABI.Limit.stringBytes)
}
