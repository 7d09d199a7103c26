// SPDX-License-Identifier: MIT OR Apache-2.0

internal import VitrineHypervisor

/// Boots a guest of a few instructions to see whether Unicorn works here.
enum EmulatorProbe {
    /// The answer of the first probe of this process.
    static let result: Result<Void, HypervisorError> = Result { () throws(HypervisorError) in try probe() }

    private static let code: [UInt8] = [
        0xB8, 0x00, 0x00, 0x40, 0x40,  // mov $0x40400000, %eax   3.0
        0x66, 0x0F, 0x6E, 0xC8,  //       movd %eax, %xmm1
        0xF3, 0x0F, 0x59, 0xC9,  //       mulss %xmm1, %xmm1       9.0
        0x66, 0x0F, 0x7E, 0xC9,  //       movd %xmm1, %ecx
        0x89, 0x4C, 0x24, 0xF0,  //       mov %ecx, -16(%rsp)
        0xE6, 0xE0,  //                   out %al, $0xE0
        0xEB, 0x00,  //                   jmp +0
        0x0F, 0x0B,  //                   ud2
    ]

    private static func probe() throws(HypervisorError) {
        let entry = MemoryMap.imageBase
        let map: MemoryMap
        do {
            map = try MemoryMap(
                segments: [ImageSegment(address: entry, byteCount: code.count, permissions: [.read, .execute])],
                sizes: MemorySizes(input: 4096, output: 4096, telemetry: 4096, heap: 4096, stack: 4096))
        } catch {
            throw .invalidEntry(entry)
        }
        var memory = try GuestMemory(map)
        for (index, byte) in code.enumerated() {
            do { try memory.store(byte, at: GuestAddress(entry.rawValue + UInt64(index))) } catch {
                throw .invalidEntry(entry)
            }
        }
        var machine = try EmulatorMachine(memory: memory, entry: entry)
        var works = false
        let deadline = HostInstant.now.advanced(by: .seconds(5))
        let outcome = try machine.run(deadline: deadline) { exit, memory in
            guard case .portWrite = copy exit else { return .stop }
            let address = GuestAddress(memory.map.region(.stack).end.rawValue - 24)
            works = (try? memory.load(UInt32.self, at: address)) == 0x4110_0000
            return .stop
        }
        guard outcome == .stopped, works else { throw .unavailable(.noUsableCPUMode) }
    }
}
