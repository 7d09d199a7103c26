// SPDX-License-Identifier: MIT OR Apache-2.0

internal import VitrineHypervisor

/// Boots a guest of a few instructions to see whether ordinary code can run at CPL 3 here.
enum KVMProbe {
    /// The answer of the first probe of this process.
    static let result: Result<Void, HypervisorError> = Result { () throws(HypervisorError) in try probe() }

    private static let code: [UInt8] = [
        0xB8, 0x00, 0x00, 0x80, 0x3F,  // mov $0x3F800000, %eax   1.0
        0x66, 0x0F, 0x6E, 0xC0,  //       movd %eax, %xmm0
        0xF3, 0x0F, 0x58, 0xC0,  //       addss %xmm0, %xmm0       2.0
        0x66, 0x0F, 0x7E, 0xC0,  //       movd %xmm0, %eax
        0x89, 0x44, 0x24, 0xF8,  //       mov %eax, -8(%rsp)
        0xE6, 0xE0,  //                   out %al, $0xE0
        0xF4,  //                         hlt
    ]

    private static func probe() throws(HypervisorError) {
        let system = try KVMSystem.shared.get()
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
        var machine = try KVMMachine(system, memory: memory, entry: entry)
        var works = false
        let deadline = HostInstant.now.advanced(by: .seconds(2))
        let outcome = try machine.run(deadline: deadline) { exit, memory in
            guard case .portWrite = copy exit else { return .stop }
            let address = GuestAddress(memory.map.region(.stack).end.rawValue - 16)
            works = (try? memory.load(UInt32.self, at: address)) == 0x4000_0000
            return .stop
        }
        guard outcome == .stopped, works else { throw .unavailable(.noUsableCPUMode) }
    }
}
