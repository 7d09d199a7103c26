// SPDX-License-Identifier: MIT OR Apache-2.0

/// A guest of a few instructions that shows whether ordinary code runs at CPL 3 on a backend.
///
/// It adds two floats with SSE, since that is what a CPU mode without it fails at first, stores the sum on its stack
/// and rings READY. For the `probe()` of backends.
@_spi(Backend) public enum ProbeGuest {
    private static let code: [UInt8] = [
        0xB8, 0x00, 0x00, 0x80, 0x3F,  // mov $0x3F800000, %eax   1.0
        0x66, 0x0F, 0x6E, 0xC0,  //       movd %eax, %xmm0
        0xF3, 0x0F, 0x58, 0xC0,  //       addss %xmm0, %xmm0       2.0
        0x66, 0x0F, 0x7E, 0xC0,  //       movd %xmm0, %eax
        0x89, 0x44, 0x24, 0xF8,  //       mov %eax, -8(%rsp)
        0xE6, 0xE0,  //                   out %al, $0xE0
        0xEB, 0x00,  //                   jmp +0
        0x0F, 0x0B,  //                   ud2
    ]
    private static let sum: UInt32 = 0x4000_0000
    /// The stack begins 8 bytes below its end, and the sum lies 8 below that.
    private static let sumBelowStackEnd: UInt64 = 16

    /// Boots the guest and checks what it computed.
    /// - Parameter makeMachine: as in `Hypervisor`, without a probe before it.
    /// - Throws: what `makeMachine` or the run throws, or `.unavailable(.noUsableCPUMode)`.
    public static func run(
        on makeMachine: (consuming GuestMemory, GuestAddress) throws(HypervisorError) -> any VirtualMachine & ~Copyable
    ) throws(HypervisorError) {
        let entry = MemoryMap.imageBase
        var machine = try makeMachine(try memory(entry), entry)
        var works = false
        let outcome = try machine.run(deadline: HostInstant.now.advanced(by: .seconds(5))) { exit, memory in
            guard case .portWrite = copy exit else { return .stop }
            let address = GuestAddress(memory.map.stack.end.rawValue - sumBelowStackEnd)
            works = (try? memory.load(UInt32.self, at: address)) == sum
            return .stop
        }
        guard outcome == .stopped, works else { throw .unavailable(.noUsableCPUMode) }
    }

    private static func memory(_ entry: GuestAddress) throws(HypervisorError) -> GuestMemory {
        let page = MemoryMap.pageByteCount
        guard
            let map = try? MemoryMap(
                segments: [ImageSegment(address: entry, byteCount: code.count, permissions: [.read, .execute])],
                sizes: MemorySizes(input: page, output: page, telemetry: page, heap: page, stack: page))
        else { throw .invalidEntry(entry) }
        var memory = try GuestMemory(map)
        for (index, byte) in code.enumerated() {
            guard (try? memory.store(byte, at: GuestAddress(entry.rawValue + UInt64(index)))) != nil else {
                throw .invalidEntry(entry)
            }
        }
        return memory
    }
}
