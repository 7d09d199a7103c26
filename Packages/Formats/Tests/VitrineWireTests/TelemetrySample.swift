// SPDX-License-Identifier: MIT OR Apache-2.0

import VitrineWire

/// One record of each kind.
enum TelemetrySample {
    static let bytes: [UInt8] = {
        let place = TelemetryRecordWriter.Place(
            target: .inline("module"), file: .image(address: 0x20_4000, byteCount: 9), line: 12)
        let next = TelemetryRecordWriter.Place(target: .inline("module"), file: .inline("file.swift"), line: 13)
        var writer = TelemetryRecordWriter()
        writer.spanOpen(
            .init(level: .info, sequence: 0, ticks: 100),
            span: 1,
            parent: 0,
            name: .inline("span"),
            at: place,
            fields: [
                (.inline("b"), .bool(true)),
                (.inline("i"), .int64(.min)),
                (.inline("u"), .uint64(.max)),
                (.inline("d"), .double(.nan)),
                (.inline("s"), .string(.inline("värde"))),
                (.inline("r"), .string(.image(address: 0x20_5000, byteCount: 1))),
            ]
        )
        writer.event(.init(sequence: 1, ticks: 101), span: 1, message: .inline("message"), at: next)
        writer.spanEdit(.init(sequence: 2, ticks: 102), span: 1, fields: [(.inline("i"), .int64(3))])
        writer.spanClose(.init(level: .error, isTruncated: true, sequence: 3, ticks: 103), span: 1)
        writer.print(.init(sequence: 4, ticks: 104), text: .inline("printed\n"))
        let frames: [UInt64] = [0x20_0001, 0x20_0002, 0x20_0003]
        writer.allocate(.init(sequence: 5, ticks: 105), address: 0x50_0000, byteCount: 64, frames: frames)
        writer.free(.init(sequence: 6, ticks: 106), address: 0x50_0000, byteCount: 0, frames: [])
        return writer.bytes
    }()
}
