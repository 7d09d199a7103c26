// SPDX-License-Identifier: MIT OR Apache-2.0

internal import VitrineHypervisor

/// Finds instructions in a guest's code, which no guest can change while it runs (W^X).
enum InstructionReader {
    /// The most instructions Unicorn puts into one block (QEMU's TCG_MAX_INSNS).
    private static let blockLimit = 512

    /// The instruction at an address in executable memory.
    static func instruction(at address: GuestAddress, in memory: borrowing GuestMemory) -> Instruction? {
        guard let byteCount = executableByteCount(from: address, memory.map),
            let bytes = try? memory.bytes(at: address, byteCount: min(byteCount, 15))
        else { return nil }
        return Instruction(bytes, at: 0)
    }

    /// The address of the n-th port instruction, from 1, in the straight line of code at an address.
    static func portInstruction(
        _ number: Int, ofBlockAt address: GuestAddress, in memory: borrowing GuestMemory
    ) -> GuestAddress? {
        guard let byteCount = executableByteCount(from: address, memory.map),
            let bytes = try? memory.bytes(at: address, byteCount: min(byteCount, blockLimit * 15))
        else { return nil }
        var offset = 0
        var remaining = number
        for _ in 0..<blockLimit {
            guard let instruction = Instruction(bytes, at: offset) else { return nil }
            if instruction.isPortAccess {
                remaining -= 1
                if remaining <= 0 { return GuestAddress(address.rawValue &+ UInt64(offset)) }
            }
            offset += instruction.byteCount
        }
        return nil
    }

    /// How far the executable segment reaches from an address in it. Code may run on into the next segment only where
    /// that one begins on the very next page; such an instruction is not found.
    private static func executableByteCount(from address: GuestAddress, _ map: MemoryMap) -> Int? {
        guard let region = map.region(containing: address), region.permissions.contains(.execute) else { return nil }
        return Int(region.end.rawValue - address.rawValue)
    }
}
