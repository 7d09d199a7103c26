// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
import Testing
@_spi(Backend) import VitrineHypervisor

@Suite("GuestMemory.populateForBoot")
struct GuestMemoryPopulateTests {
    /// Which of these guest addresses have a page of the kernel's behind them.
    static func present(_ addresses: [UInt64], in memory: borrowing GuestMemory) -> [UInt64] {
        var found: [UInt64] = []
        for address in addresses {
            var state: UInt8 = 0
            // SAFETY: the page lies in the mapping, which lives; the kernel writes one byte for it.
            let result = unsafe mincore(memory.baseAddress + Int(address), 4096, &state)
            if result == 0, state & 1 == 1 { found.append(address) }
        }
        return found
    }

    @Test("makes present what a guest's start touches, and no large page")
    func touchedPages() throws {
        let memory = try PageTableTests.memory()
        let map = memory.map
        var touched = ([.control, .input, .telemetry, .output, .heap] as [MemoryRegion.Kind]).map {
            map.region($0).address.rawValue
        }
        touched.append(map.region(.stack).end.rawValue - 4096)
        touched += map.imageSegments.map(\.address.rawValue)
        let before = Self.present(touched, in: memory)
        #expect(before == [])
        memory.populateForBoot()
        let after = Self.present(touched, in: memory)
        #expect(after == touched)
        let large = Self.present([map.region(.heap).end.rawValue - 4096], in: memory)
        #expect(large == [])
        for region in map.regions {
            #expect(try memory.load(UInt64.self, at: region.address) == 0)
        }
    }

    @Test("keeps inside the smallest regions, and takes a bounded part of a scattered image")
    func bounds() throws {
        let sizes = MemorySizes(input: 1, output: 1, telemetry: 1, heap: 1, stack: 1)
        let segments = [MemoryMapTests.code, MemoryMapTests.segment(0x41F_0000, 4096)]
        let memory = try GuestMemory(MemoryMap(segments: segments, sizes: sizes))
        memory.populateForBoot()
        let pages = Array(stride(from: UInt64(0), to: UInt64(memory.map.byteCount), by: 4096))
        let present = Self.present(pages, in: memory)
        #expect(present.count < 100)
        #expect(present.last == memory.map.region(.heap).address.rawValue)
    }
}
