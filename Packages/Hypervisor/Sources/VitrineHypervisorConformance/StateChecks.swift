// SPDX-License-Identifier: MIT OR Apache-2.0

internal import VitrineHypervisor

/// Vector registers and the clock across exits.
enum StateChecks {
    static let all = [
        ConformanceCheck("vector registers and their control begin clean", cleanVectors),
        ConformanceCheck("SSE registers survive exits", sseState),
        ConformanceCheck("AVX registers survive exits", relaxedBy: [.noAVX], avxState),
        ConformanceCheck("vector registers are not shared between machines", vectorIsolation),
        ConformanceCheck("the guest's ticks lie between the host's before and after", clock),
        ConformanceCheck("the guest's ticks never run backwards", monotonicTicks),
    ]

    /// movdqu %xmm<n>, offset(%rdi)
    private static func store(_ register: UInt8, at offset: UInt32) -> [UInt8] {
        [0xF3] + (register < 8 ? [] : [0x44]) + [0x0F, 0x7F, 0x87 | (register % 8) << 3] + MachineCode.word(offset)
    }

    /// mov $value, %rax; movq %rax, %xmm<n>; punpcklqdq %xmm<n>, %xmm<n>
    private static func load(_ register: UInt8, _ value: UInt64) -> [UInt8] {
        let low = (register % 8) << 3
        return MachineCode.loadRAX(value) + [0x66, register < 8 ? 0x48 : 0x4C, 0x0F, 0x6E, 0xC0 | low]
            + [0x66] + (register < 8 ? [] : [0x45]) + [0x0F, 0x6C, 0xC0 | low | (register % 8)]
    }

    private static func value(_ register: UInt8) -> UInt64 { 0x9E37_79B9_7F4A_7C15 &* (UInt64(register) + 1) }

    @Sendable private static func cleanVectors(_ hypervisor: any Hypervisor) throws(ConformanceFailure) {
        var code = MachineCode.loadRDI(TinyGuest.data)
        for register: UInt8 in 0..<16 { code += store(register, at: UInt32(register) * 16) }
        // stmxcsr 256(%rdi); fnstcw 264(%rdi)
        code += [0x0F, 0xAE, 0x9F, 0x00, 0x01, 0x00, 0x00, 0xD9, 0xBF, 0x08, 0x01, 0x00, 0x00]
        var guest = try TinyGuest(hypervisor, code + MachineCode.ring(0xE0))
        for offset in stride(from: UInt64(0), to: 256, by: 8) { try guest.setWord(.max, at: TinyGuest.data + offset) }
        try guest.expectPort(0xE0)
        for offset in stride(from: UInt64(0), to: 256, by: 8) {
            try expect("word \(offset) of xmm", try guest.word(at: TinyGuest.data + offset), is: 0)
        }
        try expect("mxcsr", try guest.word(at: TinyGuest.data + 256), is: 0x1F80)
        try expect("x87 control", try guest.word(at: TinyGuest.data + 264), is: 0x37F)
    }

    private static let sseCode: [UInt8] = {
        var code: [UInt8] = []
        for register: UInt8 in 0..<16 { code += load(register, value(register)) }
        code += MachineCode.ring(0xE2) + MachineCode.loadRDI(TinyGuest.data)
        for register: UInt8 in 0..<16 { code += store(register, at: UInt32(register) * 16) }
        return code + MachineCode.ring(0xE4) + MachineCode.spin
    }()

    @Sendable private static func sseState(_ hypervisor: any Hypervisor) throws(ConformanceFailure) {
        var guest = try TinyGuest(hypervisor, sseCode)
        try guest.expectPort(0xE2)
        disturbHostVectors()
        try guest.expectPort(0xE4)
        for register: UInt8 in 0..<16 {
            let address = TinyGuest.data + UInt64(register) * 16
            try expect("xmm\(register)", try guest.word(at: address), is: value(register))
            try expect("xmm\(register) high", try guest.word(at: address + 8), is: value(register))
        }
    }

    @Sendable private static func avxState(_ hypervisor: any Hypervisor) throws(ConformanceFailure) {
        guard !hypervisor.differences.contains(.noAVX) else { return }
        // mov $1, %eax; cpuid; not %ecx; test $(1 << 28 | 1 << 27), %ecx; jz 1f; ring $0xE6; 1:
        let detect: [UInt8] =
            [0xB8, 0x01, 0x00, 0x00, 0x00, 0x0F, 0xA2, 0xF7, 0xD1, 0xF7, 0xC1] + MachineCode.word(UInt32(0x1800_0000))
            + [0x74, 0x04] + MachineCode.ring(0xE6)
        // mov $data, %rdi; mov $value, %rax; mov %rax, 24(%rdi); vmovdqu (%rdi), %ymm1; ring;
        // vmovdqu %ymm1, 64(%rdi); ring
        let code =
            detect + MachineCode.loadRDI(TinyGuest.data) + MachineCode.loadRAX(value(3)) + [0x48, 0x89, 0x47, 0x18]
            + [0xC5, 0xFE, 0x6F, 0x0F] + MachineCode.ring(0xE2) + [0xC5, 0xFE, 0x7F, 0x4F, 0x40]
            + MachineCode.ring(0xE4) + MachineCode.spin
        var guest = try TinyGuest(hypervisor, code)
        switch try guest.nextExit() {
        // The CPU has no AVX, and says so.
        case .portWrite(port: 0xE6): return
        case .portWrite(port: 0xE2): break
        case let exit: throw .exit(expected: "port 0xE2", actual: exit)
        }
        disturbHostVectors()
        try guest.expectPort(0xE4)
        try expect("ymm1 high", try guest.word(at: TinyGuest.data + 88), is: value(3))
    }

    @Sendable private static func vectorIsolation(_ hypervisor: any Hypervisor) throws(ConformanceFailure) {
        var first = try TinyGuest(hypervisor, sseCode)
        try first.expectPort(0xE2)
        // A second guest stores what it finds.
        var code = MachineCode.loadRDI(TinyGuest.data)
        for register: UInt8 in 0..<16 { code += store(register, at: UInt32(register) * 16) }
        var second = try TinyGuest(hypervisor, code + MachineCode.ring(0xE0))
        try second.expectPort(0xE0)
        for offset in stride(from: UInt64(0), to: 256, by: 8) {
            try expect("word \(offset) of xmm", try second.word(at: TinyGuest.data + offset), is: 0)
        }
        try first.expectPort(0xE4)
        try expect("xmm15", try first.word(at: TinyGuest.data + 240), is: value(15))
    }

    /// Arithmetic that leaves other values in the host's vector registers.
    private static func disturbHostVectors() {
        var values = [Double](repeating: 1.5, count: 64)
        for index in values.indices { values[index] = values[index] * Double(index) + 0.25 }
        precondition(values.reduce(0, +) > 0, "a sum of positive numbers")
    }

    /// mov $data, %rdi; 1: rdtsc; shl $32, %rdx; or %rdx, %rax; mov %rax, (%rdi); ring; jmp 1b
    private static let ticking =
        MachineCode.loadRDI(TinyGuest.data) + [0x0F, 0x31, 0x48, 0xC1, 0xE2, 0x20, 0x48, 0x09, 0xD0]
        + MachineCode.storeRAXAtRDI + MachineCode.ring(0xE0) + [0xEB, 0xEE]

    @Sendable private static func clock(_ hypervisor: any Hypervisor) throws(ConformanceFailure) {
        var guest = try TinyGuest(hypervisor, ticking)
        for round in 0..<50 {
            let before = HostInstant.now.nanoseconds
            try guest.expectPort(0xE0)
            let after = HostInstant.now.nanoseconds
            let clock = guest.machine.guestClock
            let time = clock.nanoseconds(ofTicks: try guest.word(at: TinyGuest.data))
            // The documented error of a clock just anchored, and of a counter that is not the host's.
            guard time + 5000 >= before, time <= after + 5000 else {
                throw .value(of: "time \(round)", expected: "\(before)...\(after)", actual: "\(time)")
            }
        }
    }

    @Sendable private static func monotonicTicks(_ hypervisor: any Hypervisor) throws(ConformanceFailure) {
        var guest = try TinyGuest(hypervisor, ticking)
        var last: UInt64 = 0
        for _ in 0..<100 {
            try guest.expectPort(0xE0)
            let ticks = try guest.word(at: TinyGuest.data)
            guard ticks > last else { throw .value(of: "ticks", expected: "above \(last)", actual: "\(ticks)") }
            last = ticks
        }
    }
}
