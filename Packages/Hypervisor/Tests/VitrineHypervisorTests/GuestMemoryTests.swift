// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing
import VitrineHypervisor

@Suite("GuestMemory")
struct GuestMemoryTests {
    @Test("reads and writes integers at any address of a region, little-endian")
    func integers() throws {
        var memory = try PageTableTests.memory()
        for region in memory.map.regions {
            for address in [region.address.rawValue, region.address.rawValue + 3, region.end.rawValue - 8] {
                try memory.store(UInt64(0x0102_0304_0506_0708), at: GuestAddress(address))
                #expect(try memory.load(UInt64.self, at: GuestAddress(address)) == 0x0102_0304_0506_0708)
                #expect(try memory.load(UInt8.self, at: GuestAddress(address)) == 8)
                #expect(try memory.load(UInt16.self, at: GuestAddress(address + 1)) == 0x0607)
                #expect(try memory.load(Int32.self, at: GuestAddress(address + 4)) == 0x0102_0304)
            }
        }
    }

    @Test("lends spans of the bytes themselves")
    func spans() throws {
        var memory = try PageTableTests.memory()
        let output = memory.map.region(.output).address
        var writable = try memory.mutableBytes(at: output, byteCount: 16)
        writable.storeBytes(of: 0xABCD, toByteOffset: 14, as: UInt16.self)
        let bytes = try memory.bytes(at: output, byteCount: 16)
        #expect(bytes.byteCount == 16)
        #expect(try memory.load(UInt16.self, at: GuestAddress(output.rawValue + 14)) == 0xABCD)
    }

    @Test("allows ranges over neighbouring regions, none over gaps")
    func neighbours() throws {
        let memory = try PageTableTests.memory()
        let map = memory.map
        let control = map.region(.control).address
        let stack = map.region(.stack).address
        // Control page and first segment, and all that is writable.
        #expect(try memory.bytes(at: control, byteCount: 0x3000).byteCount == 0x3000)
        let writable = map.byteCount - Int(stack.rawValue)
        #expect(try memory.bytes(at: stack, byteCount: writable).byteCount == writable)
        #expect(try memory.bytes(at: control, byteCount: 0).byteCount == 0)
        Self.expectRefusal(memory, control, 0x3001)
        Self.expectRefusal(memory, stack, writable + 1)
        Self.expectRefusal(memory, map.region(.input).address, Int(stack.rawValue))
    }

    @Test("refuses everything else, whatever the numbers")
    func outOfBounds() throws {
        let memory = try PageTableTests.memory()
        let heapEnd = memory.map.region(.heap).end.rawValue
        let stack = memory.map.region(.stack).address.rawValue
        let addresses: [UInt64] = [
            0, 0x1_0000, 0x1_3000, 0x2_0000, 0x1F_EFFF, 0x20_2000, stack - 1, heapEnd, heapEnd + 1, 1 << 40, 1 << 63,
            .max - 1,
            .max,
        ]
        for address in addresses {
            for byteCount in [1, 8, 4096, Int.max] { Self.expectRefusal(memory, GuestAddress(address), byteCount) }
        }
        for byteCount in [-1, Int.min, Int.max, 1 << 40] {
            Self.expectRefusal(memory, GuestAddress(0x20_0000), byteCount)
            Self.expectRefusal(memory, GuestAddress(stack), byteCount)
        }
        Self.expectRefusal(memory, GuestAddress(heapEnd - 7), 8)
    }

    private static func expectRefusal(_ memory: borrowing GuestMemory, _ address: GuestAddress, _ byteCount: Int) {
        var refusal: GuestMemoryError?
        do throws(GuestMemoryError) { _ = try memory.bytes(at: address, byteCount: byteCount) } catch {
            refusal = error
        }
        #expect(refusal == .outOfBounds(address: address, byteCount: byteCount))
    }

    @Test("begins as zeros")
    func zeros() throws {
        let memory = try PageTableTests.memory()
        for region in memory.map.regions {
            for address in stride(from: region.address.rawValue, to: region.end.rawValue, by: 4096) {
                #expect(try memory.load(UInt64.self, at: GuestAddress(address)) == 0)
            }
        }
    }
}
