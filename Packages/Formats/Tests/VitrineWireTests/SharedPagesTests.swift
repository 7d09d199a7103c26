// SPDX-License-Identifier: MIT OR Apache-2.0

import CVitrineABI
import Testing
import VitrineWire

/// The structures at the start of the shared regions, against the C header's.
@Suite("Control page, mailbox, telemetry header")
struct SharedPagesTests {
    @Test("A control page that Swift writes is what C reads")
    func controlPage() {
        var page = ControlPage(
            image: RegionExtent(address: 1, byteCount: 2),
            input: RegionExtent(address: 3, byteCount: 4),
            output: RegionExtent(address: 5, byteCount: 6),
            telemetry: RegionExtent(address: 7, byteCount: 8),
            heap: RegionExtent(address: 9, byteCount: 10),
            stack: RegionExtent(address: 11, byteCount: 12),
            randomSeed: (13, 14),
            maximumLevel: .debug,
            features: [.spans, .allocations]
        )
        page.request = ControlPage.Request(sequence: 15, offset: 16, byteCount: 17)
        let bytes = written(160) { page.write(to: &$0) }
        // SAFETY: 160 bytes, the structure's size, and any bytes are one.
        let read = unsafe bytes.withUnsafeBytes { unsafe $0.loadUnaligned(as: vitrine_control.self) }
        #expect(read.magic == UInt64(VITRINE_CONTROL_MAGIC))
        #expect(read.abi_version == VITRINE_ABI_VERSION)
        #expect(read.byte_count == 160)
        #expect([read.image_address, read.image_byte_count] == [1, 2])
        #expect([read.input_address, read.input_byte_count] == [3, 4])
        #expect([read.output_address, read.output_byte_count] == [5, 6])
        #expect([read.telemetry_address, read.telemetry_byte_count] == [7, 8])
        #expect([read.heap_address, read.heap_byte_count] == [9, 10])
        #expect([read.stack_address, read.stack_byte_count] == [11, 12])
        #expect(read.random_seed == (13, 14))
        #expect(read.maximum_level == VITRINE_LEVEL_DEBUG)
        #expect(read.features == VITRINE_FEATURE_SPANS | VITRINE_FEATURE_ALLOCATIONS)
        #expect([read.request_sequence, read.request_offset, read.request_byte_count] == [15, 16, 17])
    }

    @Test("Announcing a request or switching features touches nothing else")
    func controlPageParts() {
        let request = written(160) { ControlPage.Request(sequence: 1, offset: 2, byteCount: 3).write(to: &$0) }
        #expect(request[..<136].allSatisfy { $0 == 0xAA })
        #expect(request[136...] == [1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0])
        var page = ControlPage(
            image: RegionExtent(address: 0, byteCount: 0),
            input: RegionExtent(address: 0, byteCount: 0),
            output: RegionExtent(address: 0, byteCount: 0),
            telemetry: RegionExtent(address: 0, byteCount: 0),
            heap: RegionExtent(address: 0, byteCount: 0),
            stack: RegionExtent(address: 0, byteCount: 0),
            randomSeed: (0, 0),
            maximumLevel: .off,
            features: []
        )
        page.maximumLevel = .trace
        page.features = .allocations
        let switches = written(160) { page.writeSwitches(to: &$0) }
        #expect(switches[128..<136] == [5, 0, 0, 0, 2, 0, 0, 0])
        #expect(switches[..<128].allSatisfy { $0 == 0xAA } && switches[136...].allSatisfy { $0 == 0xAA })
    }

    @Test("A mailbox comes back, and a short buffer has none")
    func mailbox() throws {
        let mailbox = Mailbox(replySequence: 1, messageOffset: 64, messageByteCount: 24)
        let bytes = written(64) { mailbox.write(to: &$0) }
        #expect(bytes == words(1, 0, 64, 0, 24, 0) + [UInt8](repeating: 0, count: 40))
        #expect(try Mailbox(reading: bytes.span.rawBytes) == mailbox)
        #expect(throws: WireError.truncated(offset: 63, needed: 1)) {
            try Mailbox(reading: bytes.span.rawBytes.extracting(0..<63))
        }
    }

    @Test("A mailbox's message lies behind it and inside the buffer")
    func messageRange() throws {
        func range(_ offset: UInt64, _ byteCount: UInt64) throws(WireError) -> Range<Int> {
            try Mailbox(replySequence: 0, messageOffset: offset, messageByteCount: byteCount)
                .messageRange(outputByteCount: 4096)
        }
        #expect(try range(64, 16) == 64..<80)
        #expect(try range(64, 4032) == 64..<4096)
        #expect(try range(4096, 0) == 4096..<4096)
        for offset in [0, 56, 63, 65, 4097, 4104, UInt64.max, UInt64.max - 7] {
            #expect(throws: WireError.badLength(offset, offset: 8)) { try range(offset, 16) }
        }
        for byteCount in [4033, UInt64.max, UInt64.max - 63] {
            #expect(throws: WireError.badLength(byteCount, offset: 16)) { try range(64, byteCount) }
        }
    }

    @Test("A telemetry header comes back, and tells where its records are")
    func telemetryHeader() throws {
        let header = TelemetryHeader(used: 32, nextSequence: 2, dropped: 3)
        let bytes = written(32) { header.write(to: &$0) }
        #expect(bytes == words(32, 0, 2, 0, 3, 0, 0, 0))
        #expect(try TelemetryHeader(reading: bytes.span.rawBytes) == header)
        #expect(throws: TelemetryError.truncated(offset: 31, needed: 1)) {
            try TelemetryHeader(reading: bytes.span.rawBytes.extracting(0..<31))
        }
        #expect(header.recordRange(regionByteCount: 64) == 32..<64)
        #expect(header.recordRange(regionByteCount: 63) == nil)
        #expect(header.recordRange(regionByteCount: 0) == nil)
        #expect(TelemetryHeader(used: .max).recordRange(regionByteCount: 1 << 20) == nil)
    }

    private func written(_ count: Int, _ write: (inout MutableRawSpan) -> Void) -> [UInt8] {
        var bytes = [UInt8](repeating: 0xAA, count: count)
        var span = bytes.mutableSpan
        var raw = span.mutableRawBytes
        write(&raw)
        return bytes
    }
}
