// SPDX-License-Identifier: MIT OR Apache-2.0

internal import VitrineHypervisor

/// Register values that no compiler would make.
enum HostileRegisterChecks {
    static let all = [
        ConformanceCheck("rings with any stack and frame pointer are reported and resumed", stackPointers),
        ConformanceCheck("rings with any general registers keep them", generalRegisters),
        ConformanceCheck("rings with direction, alignment and other flags set keep them", flags),
        ConformanceCheck("a single step over a ring is #DB behind it", relaxedBy: [.noSingleStep], singleStep),
        ConformanceCheck("jumps to any address end in a fault", relaxedBy: [.nonCanonicalPageFault], jumps),
        ConformanceCheck("a fault in the middle of a push leaves the machine reportable", faultingPush),
    ]

    private static let words: [UInt64] = [
        0, 1, 0x1_3FC8, 0x1F_F000, 0x20_0000, 0x7FFF_FFFF_FFFF, 0x8000_0000_0000, 0xFFFF_8000_0000_0000, .max,
    ]

    @Sendable private static func stackPointers(_ hypervisor: any Hypervisor) throws(ConformanceFailure) {
        for word in words {
            let code =
                MachineCode.loadRSP(word) + MachineCode.loadRBP(~word) + MachineCode.ring(0xE2) + MachineCode.ring(0xE4)
                // mov $data, %rdi; mov %rsp, (%rdi); mov %rbp, 8(%rdi)
                + MachineCode.loadRDI(TinyGuest.data) + [0x48, 0x89, 0x27, 0x48, 0x89, 0x6F, 0x08]
                + MachineCode.ring(0xE6)
            var guest = try TinyGuest(hypervisor, code)
            for port: UInt8 in [0xE2, 0xE4, 0xE6] { try guest.expectPort(port) }
            try expect("rsp", try guest.word(at: TinyGuest.data), is: word)
            try expect("rbp", try guest.word(at: TinyGuest.data + 8), is: ~word)
        }
    }

    @Sendable private static func generalRegisters(_ hypervisor: any Hypervisor) throws(ConformanceFailure) {
        // mov $value, %r for all but rsp; ring; push each; ring
        let numbers: [UInt8] = [0, 1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]
        func value(_ number: UInt8) -> UInt64 { 0xF0E1_D2C3_B4A5_9687 &* (UInt64(number) &+ 1) }
        var code: [UInt8] = []
        for number in numbers {
            code += [number < 8 ? 0x48 : 0x49, 0xB8 + number % 8] + MachineCode.word(value(number))
        }
        code += MachineCode.ring(0xE2)
        for number in numbers { code += (number < 8 ? [] : [0x41]) + [0x50 + number % 8] }
        code += MachineCode.ring(0xE4) + MachineCode.spin
        var guest = try TinyGuest(hypervisor, code)
        try guest.expectPort(0xE2)
        try guest.expectPort(0xE4)
        let top = guest.map.region(.stack).end.rawValue - 8
        for (index, number) in numbers.enumerated() {
            try expect("register \(number)", try guest.word(at: top - 8 * UInt64(index + 1)), is: value(number))
        }
    }

    @Sendable private static func flags(_ hypervisor: any Hypervisor) throws(ConformanceFailure) {
        // Carry, parity, adjust, zero, sign, direction, overflow, alignment check, identification.
        let bits: UInt32 = 0x1 | 0x4 | 0x10 | 0x40 | 0x80 | 0x400 | 0x800 | 0x4_0000 | 0x20_0000
        // Nested task as well, which need not survive. pushfq; ring
        var guest = try TinyGuest(
            hypervisor, MachineCode.setFlags(bits | 0x4000) + MachineCode.ring(0xE2) + [0x9C] + MachineCode.ring(0xE4))
        try guest.expectPort(0xE2)
        try guest.expectPort(0xE4)
        let flags = try guest.word(at: guest.map.region(.stack).end.rawValue - 16)
        try expect("flags", flags & UInt64(bits), is: UInt64(bits))
    }

    @Sendable private static func singleStep(_ hypervisor: any Hypervisor) throws(ConformanceFailure) {
        guard !hypervisor.differences.contains(.noSingleStep) else { return }
        let prepared = MachineCode.setFlags(1 << 8)
        var guest = try TinyGuest(hypervisor, prepared + MachineCode.ring(0xE2) + MachineCode.spin)
        try guest.expectPort(0xE2)
        _ = try guest.expectException(1)
    }

    @Sendable private static func jumps(_ hypervisor: any Hypervisor) throws(ConformanceFailure) {
        for word in words where word != TinyGuest.code {
            var guest = try TinyGuest(hypervisor, MachineCode.loadRDI(word) + MachineCode.jumpToRDI)
            // #GP when the address is not canonical, else #PF, at the jump or at its target.
            let exception = try guest.expectException(13, 14)
            let pointer = exception.instructionPointer.rawValue
            guard pointer == word || pointer == TinyGuest.code + 10 else {
                throw .value(of: "instruction pointer", expected: "\(word)", actual: "\(pointer)")
            }
        }
    }

    @Sendable private static func faultingPush(_ hypervisor: any Hypervisor) throws(ConformanceFailure) {
        for pointer: UInt64 in [0x8, 0x1_1008, 0x1F_F010, 0x20_0008, 0x21_0008] {
            var guest = try TinyGuest(hypervisor, MachineCode.loadRSP(pointer) + [0x50])  // push %rax
            let exception = try guest.expectException(14)
            try expect("fault address", exception.faultAddress, is: GuestAddress(pointer - 8))
            try expect("stack pointer", exception.stackPointer, is: GuestAddress(pointer))
        }
    }
}
