// SPDX-License-Identifier: MIT OR Apache-2.0

import VitrineEmulator
import VitrineHypervisor

/// A machine of a few instructions on the emulator.
struct TestGuest: ~Copyable {
    /// Where the code begins.
    static let code = MemoryMap.imageBase
    /// A writable page behind it.
    static let data = GuestAddress(MemoryMap.imageBase.rawValue + 0x1_0000)

    var machine: any VirtualMachine & ~Copyable

    init(_ code: [UInt8], sizes: MemorySizes = small) throws {
        let map = try MemoryMap(
            segments: [
                ImageSegment(address: Self.code, byteCount: 8192, permissions: [.read, .execute]),
                ImageSegment(address: Self.data, byteCount: 4096, permissions: [.read, .write]),
            ], sizes: sizes)
        var memory = try GuestMemory(map)
        for (index, byte) in code.enumerated() {
            try memory.store(byte, at: GuestAddress(Self.code.rawValue + UInt64(index)))
        }
        machine = try EmulatorHypervisor().makeMachine(memory: memory, entry: Self.code)
    }

    /// A page of each, so that a thousand guests cost nothing.
    static let small = MemorySizes(input: 4096, output: 4096, telemetry: 4096, heap: 4096, stack: 4096)

    /// Runs until the handler stops, at the latest for five minutes. Late kicks of earlier runs are passed over.
    mutating func run(_ onExit: (VMExit) -> ExitAction) throws -> RunOutcome {
        try machine.run(deadline: .now.advanced(by: .seconds(300))) { exit, _ in
            exit == .kicked ? .resume : onExit(copy exit)
        }
    }

    /// Runs to the next exit.
    mutating func next() throws -> VMExit? {
        var last: VMExit?
        _ = try run { exit in
            last = exit
            return .stop
        }
        return last
    }

    /// Runs to the next exit, and gives its exception if it is one.
    mutating func exception() throws -> GuestException? {
        guard case .exception(let exception)? = try next() else { return nil }
        return exception
    }

    mutating func word(at address: GuestAddress) throws -> UInt64 {
        try machine.withMemory { (memory) throws(GuestMemoryError) in try memory.load(UInt64.self, at: address) }
    }

    /// `out %al, $port; jmp +0`
    static func ring(_ port: UInt8) -> [UInt8] { [0xE6, port, 0xEB, 0x00] }

    /// `1: jmp 1b`
    static let spin: [UInt8] = [0xEB, 0xFE]
}
