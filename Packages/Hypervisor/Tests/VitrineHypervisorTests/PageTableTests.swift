// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing

@testable @_spi(Backend) import VitrineHypervisor

@Suite("Page tables and descriptors")
struct PageTableTests {
    /// Walks the tables as a CPU does; nil where an entry is not present. The size of the page comes with its entry.
    static func walk(_ address: UInt64, _ memory: borrowing GuestMemory) -> (entry: UInt64, byteCount: UInt64)? {
        var table = SystemLayout.pageTables
        for level in stride(from: UInt64(39), through: 12, by: -9) {
            let entry = word(at: table + (address >> level & 511) * 8, memory)
            guard entry & 1 == 1 else { return nil }
            if level == 12 || entry & 0x80 != 0 { return (entry, 1 << level) }
            // Upper levels must leave the decision to the last one.
            guard entry & 7 == 7, entry >> 63 == 0 else { return nil }
            table = entry & 0xF_FFFF_FFFF_F000
        }
        return nil
    }

    static func word(at address: UInt64, _ memory: borrowing GuestMemory) -> UInt64 {
        // SAFETY: the span checks the bounds; any bytes are an integer.
        unsafe memory.systemBytes.unsafeLoadUnaligned(fromByteOffset: Int(address), as: UInt64.self)
    }

    static func memory(_ sizes: MemorySizes = .default) throws -> GuestMemory {
        let map = try MemoryMap(
            segments: [
                MemoryMapTests.code, MemoryMapTests.segment(0x21_0000, 9000, [.read, .write]),
                MemoryMapTests.segment(0x22_0000, 1),
            ], sizes: sizes)
        return try GuestMemory(map)
    }

    static let sizes: [MemorySizes] = [
        .default, MemorySizes(input: 1, output: 1, telemetry: 1, heap: 1, stack: 1),
        MemorySizes(input: 5 << 20, output: 3 << 20, telemetry: 1 << 20, heap: 3 << 30, stack: 9 << 20),
    ]

    @Test("maps every page of every region to itself with its permissions", arguments: sizes)
    func identity(sizes: MemorySizes) throws {
        let memory = try Self.memory(sizes)
        for region in memory.map.regions {
            // All pages of small regions, the edges and some pages of large ones.
            let step = max(4096, region.byteCount / 64 & ~4095)
            let addresses = Array(stride(from: region.address.rawValue, to: region.end.rawValue, by: step))
            for address in addresses + [region.end.rawValue - 4096] {
                let found = Self.walk(address, memory)
                let (entry, byteCount) = try #require(found)
                #expect(entry & 0xF_FFFF_FFFF_F000 == address & ~(byteCount - 1))
                #expect(entry & 4 != 0, "user")
                #expect((entry & 2 != 0) == region.permissions.contains(.write))
                #expect((entry >> 63 == 0) == region.permissions.contains(.execute))
                #expect(entry & 2 == 0 || entry >> 63 == 1, "writable and executable")
            }
        }
    }

    @Test("maps nothing of user's outside the regions", arguments: sizes)
    func nothingElse(sizes: MemorySizes) throws {
        let memory = try Self.memory(sizes)
        let map = memory.map
        let low = Array(stride(from: UInt64(0), to: map.region(.stack).address.rawValue, by: 4096))
        for address in low + [map.region(.heap).end.rawValue, 1 << 34, 1 << 39, 1 << 46, UInt64.max - 4095] {
            guard map.region(containing: GuestAddress(address)) == nil else { continue }
            if let (entry, _) = Self.walk(address, memory) { #expect(entry & 4 == 0, "page \(address)") }
        }
    }

    @Test("keeps the system's pages for the supervisor, and the tables unmapped")
    func systemPages() throws {
        let memory = try Self.memory()
        let noExecute: UInt64 = 1 << 63
        #expect(Self.walk(SystemLayout.gdt, memory)?.entry == 0x1_0000 | 0x21 | noExecute)
        #expect(Self.walk(SystemLayout.stubs, memory)?.entry == 0x1_1000 | 0x21)
        #expect(Self.walk(SystemLayout.exceptionStack, memory)?.entry == 0x1_3000 | 0x63 | noExecute)
        for address: UInt64 in [0, 0xF000, 0x1_2000, 0x1_4000, 0x2_0000, 0x2_1000, 0x2_2000, 0x2_3000] {
            #expect(Self.walk(address, memory) == nil)
        }
    }

    @Test("uses 2 MiB entries for the large part of the heap and 4 KiB ones below it")
    func largeEntries() throws {
        let memory = try Self.memory()
        let heap = memory.map.region(.heap)
        #expect(Self.walk(heap.address.rawValue, memory)?.byteCount == 4096)
        #expect(Self.walk(heap.address.rawValue + (128 << 10), memory)?.byteCount == 2 << 20)
        #expect(PageTables.largeRanges(memory.map) == [heap.end.rawValue - (2 << 20)..<heap.end.rawValue])
    }

    @Test(
        "never covers two regions by one 2 MiB entry, which would be cleared for the sake of either", arguments: sizes)
    func entriesOfOneRegion(sizes: MemorySizes) throws {
        let memory = try Self.memory(sizes)
        for range in PageTables.largeRanges(memory.map) {
            let region = memory.map.region(containing: GuestAddress(range.lowerBound))
            #expect(region.map { range.upperBound <= $0.end.rawValue } == true)
        }
        for kind in [MemoryRegion.Kind.input, .output, .heap] {
            #expect(Self.walk(memory.map.region(kind).address.rawValue, memory)?.byteCount == 4096, "\(kind)")
        }
    }

    @Test("describes flat 64-bit segments and the task state in the GDT")
    func descriptors() throws {
        let memory = try Self.memory()
        let gdt = SystemLayout.gdt
        #expect(Self.word(at: gdt, memory) == 0)
        // Present, DPL, code or data, accessed; long mode for code (Intel SDM volume 3, figure 3-8).
        #expect(Self.word(at: gdt + 0x08, memory) == 0x00AF_9B00_0000_FFFF)
        #expect(Self.word(at: gdt + 0x10, memory) == 0x00CF_9300_0000_FFFF)
        #expect(Self.word(at: gdt + 0x20, memory) == 0x00CF_F300_0000_FFFF)
        #expect(Self.word(at: gdt + 0x28, memory) == 0x00AF_FB00_0000_FFFF)
        #expect(Self.word(at: gdt + 0x30, memory) == 0x0000_8B01_0100_0088)
        #expect(Self.word(at: gdt + 0x38, memory) == 0)
    }

    @Test("opens exactly the four ports in the I/O bitmap")
    func ioBitmap() throws {
        let memory = try Self.memory()
        let tss = SystemLayout.tss
        #expect(Self.word(at: tss + 102, memory) & 0xFFFF == 104)
        let open = (0..<264).filter { port in
            Self.word(at: tss + 104 + UInt64(port / 8), memory) >> (port % 8) & 1 == 0
        }
        #expect(open == [0xE0, 0xE2, 0xE4, 0xE6])
        #expect(Self.word(at: tss + 4, memory) == SystemLayout.exceptionStackTop)
        #expect(Self.word(at: tss + 36, memory) == SystemLayout.doubleFaultStackTop)
        #expect((0..<0x1_0000).filter { SystemLayout.isOpen(UInt16($0)) } == [0xE0, 0xE2, 0xE4, 0xE6])
    }

    @Test("points each gate at its stub, and lets guest code use only int3")
    func gates() throws {
        let memory = try Self.memory()
        for vector: UInt64 in 0..<32 {
            let low = Self.word(at: SystemLayout.idt + vector * 16, memory)
            let target =
                low & 0xFFFF | (low >> 48) << 16 | Self.word(at: SystemLayout.idt + vector * 16 + 8, memory) << 32
            #expect(target == SystemLayout.stubs + vector * 16)
            #expect(low >> 16 & 0xFFFF == 8)
            #expect(low >> 32 & 7 == (vector == 8 ? 1 : 0))
            #expect(low >> 40 & 0xFF == (vector == 3 ? 0xEE : 0x8E))
        }
    }

    @Test("pushes a zero error code exactly where the CPU pushes none")
    func stubs() throws {
        let memory = try Self.memory()
        for vector: UInt64 in 0..<32 {
            let code = Self.word(at: SystemLayout.stubs + vector * 16, memory)
            if [8, 10, 11, 12, 13, 14, 17, 21, 29, 30].contains(vector) {
                #expect(code & 0xFFFF_FFFF == 0xF0E6_006A | vector << 8)
            } else {
                #expect(code & 0xFFFF_FFFF_FFFF == 0xF0E6_006A_006A | vector << 24)
            }
        }
    }
}
