// SPDX-License-Identifier: MIT OR Apache-2.0

import CVitrineGuest
import Glibc
import Testing

extension Runtime {
    @Suite struct Allocator {
        private let machine = FakeMachine.shared

        init() { machine.reset() }

        /// What the model knows of an allocation: all its bytes hold `mark`.
        private struct Block {
            var address: UInt
            var byteCount: Int
            var mark: UInt8
        }

        // SAFETY: the addresses are those that the allocator under test gave; a wrong one fails the test.
        private func pointer(_ address: UInt) -> UnsafeMutableRawPointer? {
            unsafe UnsafeMutableRawPointer(bitPattern: address)
        }

        // SAFETY: the addresses are those that the allocator under test gave; a wrong one fails the test.
        private func fill(_ block: Block) {
            _ = unsafe vitrine_fill(pointer(block.address), Int32(block.mark), block.byteCount)
        }

        // SAFETY: the addresses are those that the allocator under test gave; a wrong one fails the test.
        private func isWhole(_ block: Block, prefix: Int? = nil) -> Bool {
            let bytes = unsafe UnsafeRawBufferPointer(start: pointer(block.address), count: prefix ?? block.byteCount)
            return unsafe bytes.allSatisfy { $0 == block.mark }
        }

        // SAFETY: the addresses are those that the allocator under test gave; a wrong one fails the test.
        private func allocate(_ byteCount: Int, alignment: Int = 16) -> UInt? {
            unsafe vitrine_allocate_aligned(alignment, byteCount).map { UInt(bitPattern: $0) }
        }

        // SAFETY: the addresses are those that the allocator under test gave; a wrong one fails the test.
        private func free(_ address: UInt) { unsafe vitrine_free(pointer(address)) }

        private func byteCount(using generator: inout SeededGenerator) -> Int {
            switch generator.next() % 10 {
            case 0...5: Int.random(in: 0...256, using: &generator)
            case 6...8: Int.random(in: 257...8192, using: &generator)
            default: Int.random(in: 8193...200_000, using: &generator)
            }
        }

        // SAFETY: the addresses are those that the allocator under test gave; a wrong one fails the test.
        @Test(arguments: 1...8)
        func `agrees with a model over 10,000 random operations`(seed: UInt64) throws {
            var generator = SeededGenerator(seed)
            var blocks: [Block] = []
            for step in 0..<10_000 {
                let choice = generator.next() % 8
                if choice < 4 || blocks.isEmpty {
                    let alignment = choice == 0 ? 1 << Int.random(in: 4...12, using: &generator) : 16
                    let byteCount = byteCount(using: &generator)
                    guard let address = allocate(byteCount, alignment: alignment) else { continue }
                    let block = Block(address: address, byteCount: byteCount, mark: UInt8(truncatingIfNeeded: step))
                    try #require(address % UInt(alignment) == 0)
                    try #require(unsafe vitrine_allocation_byte_count(pointer(address)) >= byteCount)
                    fill(block)
                    blocks.append(block)
                } else {
                    let index = Int.random(in: blocks.indices, using: &generator)
                    var block = blocks[index]
                    try #require(isWhole(block), "step \(step)")
                    if choice < 7 {
                        free(block.address)
                        blocks.swapAt(index, blocks.count - 1)
                        blocks.removeLast()
                    } else {
                        let byteCount = byteCount(using: &generator)
                        guard let moved = unsafe vitrine_reallocate(pointer(block.address), byteCount) else { continue }
                        block.address = UInt(bitPattern: moved)
                        try #require(isWhole(block, prefix: min(byteCount, block.byteCount)), "step \(step)")
                        block.byteCount = byteCount
                        fill(block)
                        blocks[index] = block
                    }
                }
            }
            for block in blocks {
                try #require(isWhole(block))
                free(block.address)
            }
            // Everything has grown together again: nearly the whole heap fits in one piece.
            let whole = try #require(allocate(FakeMachine.heapByteCount - 64))
            free(whole)
            #expect(machine.rings.isEmpty)
        }

        // SAFETY: the addresses are those that the allocator under test gave; a wrong one fails the test.
        @Test func `gives NULL for what cannot fit, and goes on`() {
            #expect(allocate(FakeMachine.heapByteCount) == nil)
            #expect(allocate(Int.max) == nil)
            #expect(unsafe vitrine_allocate(.max) == nil)
            #expect(allocate(1, alignment: 1 << 40) == nil)
            #expect(allocate(1, alignment: 48) == nil)
            let small = allocate(1)
            #expect(small != nil)
            if let small { free(small) }
        }

        @Test func `uses a heap full of small blocks to the last one`() {
            var addresses: [UInt] = []
            while let address = allocate(48) { addresses.append(address) }
            #expect(addresses.count == FakeMachine.heapByteCount / 64)
            for address in addresses.reversed() { free(address) }
        }

        // SAFETY: the addresses are those that the allocator under test gave; a wrong one fails the test.
        @Test func `resizes in place when the neighbour allows it`() throws {
            let first = try #require(allocate(100))
            let grown = unsafe vitrine_reallocate(pointer(first), 5000)
            #expect(UInt(bitPattern: grown) == first)
            let shrunk = unsafe vitrine_reallocate(grown, 10)
            #expect(UInt(bitPattern: shrunk) == first)
            free(first)
        }

        // SAFETY: the addresses are those that the allocator under test gave; a wrong one fails the test.
        @Test func `reports a double free and ends`() async {
            await #expect(processExitsWith: .exitCode(6)) {
                let machine = FakeMachine.shared
                machine.onRing = { port in if port == VITRINE_PORT_ABORT { exit(Int32(machine.reply[12])) } }
                let kept = unsafe vitrine_allocate(100)
                let address = unsafe vitrine_allocate(100)
                _ = unsafe vitrine_allocate(100)
                unsafe vitrine_free(address)
                unsafe vitrine_free(kept)
                unsafe vitrine_free(address)
            }
        }

        // SAFETY: the addresses are those that the allocator under test gave; a wrong one fails the test.
        @Test func `reports a write past the end of an allocation and ends`() async {
            await #expect(processExitsWith: .exitCode(6)) {
                let machine = FakeMachine.shared
                machine.onRing = { port in if port == VITRINE_PORT_ABORT { exit(Int32(machine.reply[12])) } }
                let address = unsafe vitrine_allocate(112)
                _ = unsafe vitrine_allocate(100)
                machine.overwrite(UInt(bitPattern: address) + 112, with: 0x4141_4141_4141_4141)
                unsafe vitrine_free(address)
            }
        }

        // SAFETY: the addresses are those that the allocator under test gave; a wrong one fails the test.
        @Test func `ends with an out-of-memory abort when the language asks for it`() async {
            await #expect(processExitsWith: .exitCode(5)) {
                let machine = FakeMachine.shared
                machine.onRing = { port in if port == VITRINE_PORT_ABORT { exit(Int32(machine.reply[12])) } }
                vitrine_abort_when_out_of_memory(true)
                _ = unsafe vitrine_allocate(FakeMachine.heapByteCount)
            }
        }
    }
}
