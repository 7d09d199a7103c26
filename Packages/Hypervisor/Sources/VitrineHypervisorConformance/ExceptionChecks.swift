// SPDX-License-Identifier: MIT OR Apache-2.0

internal import VitrineHypervisor

/// Exceptions that ordinary code can raise.
enum ExceptionChecks {
    static let all = [
        ConformanceCheck("a division by zero is #DE at the instruction", divideError),
        ConformanceCheck("a single step is #DB behind the instruction", relaxedBy: [.noSingleStep], singleStep),
        ConformanceCheck("icebp is #DB", relaxedBy: [.noICEBreakpoint], iceBreakpoint),
        ConformanceCheck("int3 is #BP behind the instruction", breakpoint),
        ConformanceCheck("ud2 is #UD at the instruction", undefinedInstruction),
        ConformanceCheck("an instruction of more than 15 bytes is #GP", longInstruction),
        ConformanceCheck("a page fault carries address, error code and registers", pageFault),
        ConformanceCheck(
            "a non-canonical address is #GP", relaxedBy: [.nonCanonicalPageFault], nonCanonicalAddress),
        ConformanceCheck("an unaligned access with AC set is #AC", relaxedBy: [.noAlignmentCheck], alignmentCheck),
        ConformanceCheck(
            "an unmasked SIMD exception is #XM", relaxedBy: [.noFloatingPointExceptions], simdException),
        ConformanceCheck(
            "an unmasked x87 exception is #MF", relaxedBy: [.noFloatingPointExceptions], x87Exception),
        ConformanceCheck("an exception with any stack pointer is reported", badStackPointer),
    ]

    private static func check(
        _ hypervisor: any Hypervisor, _ code: [UInt8], vector: UInt8, at offset: Int, orAt other: Int? = nil
    ) throws(ConformanceFailure) {
        var guest = try TinyGuest(hypervisor, code + MachineCode.ring(0xE0) + MachineCode.spin)
        let exception = try guest.expectException(vector)
        try expect("error code", exception.errorCode, is: 0)
        try expect("fault address", exception.faultAddress, is: nil)
        let isOther = other.map { exception.instructionPointer == GuestAddress(TinyGuest.code + UInt64($0)) } ?? false
        if !isOther {
            try expect(
                "instruction pointer", exception.instructionPointer, is: GuestAddress(TinyGuest.code + UInt64(offset)))
        }
        try expect("stack pointer", exception.stackPointer.rawValue, is: guest.map.region(.stack).end.rawValue - 8)
    }

    @Sendable private static func divideError(_ hypervisor: any Hypervisor) throws(ConformanceFailure) {
        // xor %ecx, %ecx; div %ecx
        try check(hypervisor, [0x31, 0xC9, 0xF7, 0xF1], vector: 0, at: 2)
        // xor %ecx, %ecx; idiv %rcx
        try check(hypervisor, [0x31, 0xC9, 0x48, 0xF7, 0xF9], vector: 0, at: 2)
        // mov $5, %edx; mov $1, %ecx; div %ecx: the quotient does not fit
        try check(
            hypervisor, MachineCode.loadEDX(5) + [0xB9, 0x01, 0x00, 0x00, 0x00, 0xF7, 0xF1], vector: 0, at: 10)
    }

    @Sendable private static func singleStep(_ hypervisor: any Hypervisor) throws(ConformanceFailure) {
        guard !hypervisor.differences.contains(.noSingleStep) else { return }
        // The instruction behind `popfq` is stepped: nop
        let prepared = MachineCode.setFlags(1 << 8)
        try check(hypervisor, prepared + [0x90], vector: 1, at: prepared.count + 1)
    }

    @Sendable private static func iceBreakpoint(_ hypervisor: any Hypervisor) throws(ConformanceFailure) {
        guard !hypervisor.differences.contains(.noICEBreakpoint) else { return }
        // Behind the instruction by the manuals; software KVM on AMD family 25 model 17 reports the instruction itself.
        try check(hypervisor, [0xF1], vector: 1, at: 1, orAt: 0)
    }

    @Sendable private static func breakpoint(_ hypervisor: any Hypervisor) throws(ConformanceFailure) {
        try check(hypervisor, [0x90, 0xCC], vector: 3, at: 2)
    }

    @Sendable private static func undefinedInstruction(_ hypervisor: any Hypervisor) throws(ConformanceFailure) {
        try check(hypervisor, [0x90, 0x0F, 0x0B], vector: 6, at: 1)
        // lock nop
        try check(hypervisor, [0xF0, 0x90], vector: 6, at: 0)
    }

    @Sendable private static func longInstruction(_ hypervisor: any Hypervisor) throws(ConformanceFailure) {
        try check(hypervisor, [UInt8](repeating: 0x66, count: 15) + [0x90], vector: 13, at: 0)
    }

    @Sendable private static func pageFault(_ hypervisor: any Hypervisor) throws(ConformanceFailure) {
        let address: UInt64 = 0x7000_1238
        let prepared = MachineCode.loadRDI(address) + MachineCode.loadRAX(0x1122_3344_5566_7788)
        var guest = try TinyGuest(hypervisor, prepared + MachineCode.storeRAXAtRDI)
        let exception = try guest.expectException(14)
        // User and write, not present.
        try expect("error code", exception.errorCode, is: 6)
        try expect("fault address", exception.faultAddress, is: GuestAddress(address))
        let pointer = TinyGuest.code + UInt64(prepared.count)
        try expect("instruction pointer", exception.instructionPointer, is: GuestAddress(pointer))
        try expect("rip", exception.registers.rip, is: pointer)
        try expect("rax", exception.registers.rax, is: 0x1122_3344_5566_7788)
        try expect("rdi", exception.registers.rdi, is: address)
    }

    @Sendable private static func nonCanonicalAddress(_ hypervisor: any Hypervisor) throws(ConformanceFailure) {
        for address: UInt64 in [0x8000_0000_0000, 0x1234_5678_9ABC_DEF0, 0xFFFF_7FFF_FFFF_FFF0] {
            let code = MachineCode.loadRDI(address) + MachineCode.loadRAXAtRDI
            var guest = try TinyGuest(hypervisor, code)
            if guest.differences.contains(.nonCanonicalPageFault) {
                _ = try guest.expectException(13, 14)
            } else {
                let exception = try guest.expectException(13)
                try expect("error code", exception.errorCode, is: 0)
            }
        }
    }

    @Sendable private static func alignmentCheck(_ hypervisor: any Hypervisor) throws(ConformanceFailure) {
        guard !hypervisor.differences.contains(.noAlignmentCheck) else { return }
        let prepared = MachineCode.loadRDI(TinyGuest.data + 1) + MachineCode.setFlags(1 << 18)
        try check(hypervisor, prepared + MachineCode.loadRAXAtRDI, vector: 17, at: prepared.count)
    }

    @Sendable private static func simdException(_ hypervisor: any Hypervisor) throws(ConformanceFailure) {
        guard !hypervisor.differences.contains(.noFloatingPointExceptions) else { return }
        // push $0 (all exceptions unmasked); ldmxcsr (%rsp); pop %rax; 1/0: mov $0x3F800000, %eax; movd %eax, %xmm0;
        // xorps %xmm1, %xmm1; divss %xmm1, %xmm0
        let prepared: [UInt8] =
            [0x6A, 0x00, 0x0F, 0xAE, 0x14, 0x24, 0x58, 0xB8, 0x00, 0x00, 0x80, 0x3F, 0x66, 0x0F, 0x6E, 0xC0]
            + [0x0F, 0x57, 0xC9]
        try check(hypervisor, prepared + [0xF3, 0x0F, 0x5E, 0xC1], vector: 19, at: prepared.count)
    }

    @Sendable private static func x87Exception(_ hypervisor: any Hypervisor) throws(ConformanceFailure) {
        guard !hypervisor.differences.contains(.noFloatingPointExceptions) else { return }
        // push $0x340 (all unmasked); fldcw (%rsp); pop %rax; fld1; fldz; fdivrp: 1/0 is pending; fwait raises it
        let prepared: [UInt8] =
            [0x68, 0x40, 0x03, 0x00, 0x00, 0xD9, 0x2C, 0x24, 0x58, 0xD9, 0xE8, 0xD9, 0xEE, 0xDE, 0xF9]
        try check(hypervisor, prepared + [0x9B], vector: 16, at: prepared.count)
    }

    @Sendable private static func badStackPointer(_ hypervisor: any Hypervisor) throws(ConformanceFailure) {
        for pointer: UInt64 in [0, 1, 0x1_3FC8, 0x2_0000, 0x7FFF_FFFF_FFF1, 0xFFFF_8000_0000_0000, .max] {
            var guest = try TinyGuest(hypervisor, MachineCode.loadRSP(pointer) + [0x0F, 0x0B])  // ud2
            let exception = try guest.expectException(6)
            try expect("stack pointer", exception.stackPointer.rawValue, is: pointer)
        }
    }
}
