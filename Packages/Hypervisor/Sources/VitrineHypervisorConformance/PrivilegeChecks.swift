// SPDX-License-Identifier: MIT OR Apache-2.0

internal import VitrineHypervisor

/// Instructions that would leave CPL 3, change the machine or stop it.
enum PrivilegeChecks {
    static let all = [
        ConformanceCheck(
            "privileged instructions fault", relaxedBy: [.inexactPrivilegedVector], privilegedInstructions),
        ConformanceCheck("hypervisor calls do not escape", hypervisorCalls),
        ConformanceCheck("syscall faults", systemCall),
        ConformanceCheck("sysenter faults", systemEnter),
        ConformanceCheck(
            "software interrupts fault", relaxedBy: [.inexactSoftwareInterrupt], softwareInterrupts),
        ConformanceCheck("returns to ring 0 fault", relaxedBy: [.inexactSegmentLoad], farReturns),
        ConformanceCheck("system segments cannot be loaded", relaxedBy: [.inexactSegmentLoad], segmentLoads),
        ConformanceCheck("the code segment cannot be written", codeSegmentLoad),
        ConformanceCheck("flags set by popfq and iretq give no privilege", privilegedFlags),
        ConformanceCheck("user segments can be loaded", userSegmentLoads),
    ]

    private static let privileged: [(name: String, code: [UInt8])] = [
        ("hlt", [0xF4]),
        ("cli", [0xFA]),
        ("sti", [0xFB]),
        ("clts", [0x0F, 0x06]),
        ("invd", [0x0F, 0x08]),
        ("wbinvd", [0x0F, 0x09]),
        ("mov %cr0, %rax", [0x0F, 0x20, 0xC0]),
        ("mov %rax, %cr0", [0x0F, 0x22, 0xC0]),
        ("mov %cr3, %rax", [0x0F, 0x20, 0xD8]),
        ("mov %rax, %cr3", [0x0F, 0x22, 0xD8]),
        ("mov %rax, %cr4", [0x0F, 0x22, 0xE0]),
        ("mov %rax, %cr8", [0x44, 0x0F, 0x22, 0xC0]),
        ("mov %rax, %dr7", [0x0F, 0x23, 0xF8]),
        ("mov %dr6, %rax", [0x0F, 0x21, 0xF0]),
        ("rdmsr", MachineCode.loadRCX(0xC000_0080) + [0x0F, 0x32]),
        ("wrmsr", MachineCode.loadRCX(0xC000_0082) + [0x0F, 0x30]),
        ("lgdt (%rsp)", [0x0F, 0x01, 0x14, 0x24]),
        ("lidt (%rsp)", [0x0F, 0x01, 0x1C, 0x24]),
        ("lldt %ax", [0x0F, 0x00, 0xD0]),
        ("ltr %ax", [0x0F, 0x00, 0xD8]),
        ("lmsw %ax", [0x0F, 0x01, 0xF0]),
        ("invlpg (%rsp)", [0x0F, 0x01, 0x3C, 0x24]),
        ("swapgs", [0x0F, 0x01, 0xF8]),
        ("sysretq", [0x48, 0x0F, 0x07]),
        ("sysexit", [0x0F, 0x35]),
        ("xsetbv", MachineCode.loadRCX(0) + [0x0F, 0x01, 0xD1]),
        ("vmxon (%rsp)", [0xF3, 0x0F, 0xC7, 0x34, 0x24]),
        ("vmrun", [0x0F, 0x01, 0xD8]),
        ("monitor", [0x0F, 0x01, 0xC8]),
    ]
    /// What a CPU with or without the extension raises; a software KVM may differ in `wrmsr` and the like too.
    private static let maybeUndefined: Set = ["sysretq", "sysexit", "vmxon (%rsp)", "vmrun", "monitor", "xsetbv"]

    @Sendable private static func privilegedInstructions(_ hypervisor: any Hypervisor) throws(ConformanceFailure) {
        for (name, code) in privileged {
            var guest = try TinyGuest(hypervisor, code + MachineCode.ring(0xE2) + MachineCode.spin)
            let isExact = !guest.differences.contains(.inexactPrivilegedVector) && !maybeUndefined.contains(name)
            let exception = try guest.expectException(13, isExact ? 13 : 6)
            try expect("error code of \(name)", exception.errorCode, is: 0)
            let pointer = TinyGuest.code + UInt64(code.starts(with: [0x48, 0xB9]) ? 10 : 0)
            try expect("instruction pointer of \(name)", exception.instructionPointer, is: GuestAddress(pointer))
        }
    }

    @Sendable private static func hypervisorCalls(_ hypervisor: any Hypervisor) throws(ConformanceFailure) {
        // vmcall and vmmcall: an exception, or an error from the kernel that the guest alone sees.
        for code: [UInt8] in [[0x0F, 0x01, 0xC1], [0x0F, 0x01, 0xD9]] {
            var guest = try TinyGuest(hypervisor, code + MachineCode.ring(0xE2) + MachineCode.spin)
            switch try guest.nextExit() {
            case .exception, .portWrite(port: 0xE2): continue
            case let exit: throw .exit(expected: "exception or port 0xE2", actual: exit)
            }
        }
    }

    @Sendable private static func systemCall(_ hypervisor: any Hypervisor) throws(ConformanceFailure) {
        var guest = try TinyGuest(hypervisor, [0x0F, 0x05] + MachineCode.ring(0xE2) + MachineCode.spin)
        let exception = try guest.expectException(6, 14)
        guard exception.vector == 14 else { return }
        // It did jump, at CPL 3, and met a page it may not execute.
        guard exception.instructionPointer < MemoryMap.controlPage else {
            throw .value(of: "target", expected: "a system page", actual: "\(exception.instructionPointer)")
        }
    }

    @Sendable private static func systemEnter(_ hypervisor: any Hypervisor) throws(ConformanceFailure) {
        var guest = try TinyGuest(hypervisor, [0x0F, 0x34] + MachineCode.ring(0xE2) + MachineCode.spin)
        _ = try guest.expectException(6, 13)
    }

    @Sendable private static func softwareInterrupts(_ hypervisor: any Hypervisor) throws(ConformanceFailure) {
        for number: UInt8 in [0, 1, 2, 4, 6, 8, 13, 14, 18, 31, 32, 0x80, 0xF0, 0xFF] {
            var guest = try TinyGuest(hypervisor, [0xCD, number] + MachineCode.ring(0xE2) + MachineCode.spin)
            if guest.differences.contains(.inexactSoftwareInterrupt) {
                let exit = try guest.nextExit()
                guard case .exception = exit else { throw .exit(expected: "exception", actual: exit) }
                try guest.expectDead()
            } else {
                let exception = try guest.expectException(13)
                try expect("error code of int \(number)", exception.errorCode, is: UInt64(number) * 8 + 2)
            }
        }
        var breakpoint = try TinyGuest(hypervisor, [0xCD, 0x03])
        try expect(
            "instruction pointer", try breakpoint.expectException(3).instructionPointer,
            is: GuestAddress(TinyGuest.code + 2))
    }

    @Sendable private static func farReturns(_ hypervisor: any Hypervisor) throws(ConformanceFailure) {
        // push $8; push $0x11000; lretq
        let far: [UInt8] = [0x6A, 0x08, 0x68, 0x00, 0x10, 0x01, 0x00, 0x48, 0xCB]
        // push $0x10; push %rsp; push $2; push $8; push $0x11000; iretq
        let interrupt: [UInt8] =
            [0x6A, 0x10, 0x54, 0x6A, 0x02, 0x6A, 0x08, 0x68, 0x00, 0x10, 0x01, 0x00, 0x48, 0xCF]
        for code in [far, interrupt] {
            var guest = try TinyGuest(hypervisor, code + MachineCode.ring(0xE2) + MachineCode.spin)
            let isExact = !guest.differences.contains(.inexactSegmentLoad)
            let exception = isExact ? try guest.expectException(13) : try guest.expectException(6, 10, 11, 12, 13, 14)
            if isExact { try expect("error code", exception.errorCode, is: 8) }
        }
    }

    @Sendable private static func segmentLoads(_ hypervisor: any Hypervisor) throws(ConformanceFailure) {
        // mov %eax, %ds / %es / %ss / %fs / %gs
        for register: UInt8 in [0xD8, 0xC0, 0xD0, 0xE0, 0xE8] {
            for selector: UInt32 in [0x08, 0x10, 0x30, 0x40, 0x1000, 0xFFFF] {
                let code = [0xB8] + MachineCode.word(selector) + [0x8E, register]
                var guest = try TinyGuest(hypervisor, code + MachineCode.ring(0xE2) + MachineCode.spin)
                guard guest.differences.contains(.inexactSegmentLoad) else {
                    let exception = try guest.expectException(13)
                    try expect("error code", exception.errorCode, is: UInt64(selector & 0xFFFC))
                    continue
                }
                // Another descriptor table may be in force, in which the selector names some user segment.
                switch try guest.nextExit() {
                case .exception, .portWrite(port: 0xE2): continue
                case let exit: throw .exit(expected: "exception or port 0xE2", actual: exit)
                }
            }
        }
    }

    @Sendable private static func codeSegmentLoad(_ hypervisor: any Hypervisor) throws(ConformanceFailure) {
        // mov %eax, %cs
        var guest = try TinyGuest(hypervisor, [0x8E, 0xC8])
        _ = try guest.expectException(6)
    }

    @Sendable private static func privilegedFlags(_ hypervisor: any Hypervisor) throws(ConformanceFailure) {
        // IOPL 3 and IF by popfq; the same by iretq: push $0x23; push %rsp; push $0x3202; push $0x2B;
        // lea 1f(%rip), %rax; push %rax; iretq; 1:
        let byPop = MachineCode.setFlags(0x3200)
        let byReturn: [UInt8] =
            [
                0x6A, 0x23, 0x54, 0x68, 0x02, 0x32, 0x00, 0x00, 0x6A, 0x2B, 0x48, 0x8D, 0x05, 0x03, 0x00, 0x00, 0x00,
                0x50,
            ]
            + [0x48, 0xCF]
        // cli; out to a closed port
        for flags in [byPop, byReturn] {
            for code: [UInt8] in [[0xFA], [0xE6, 0x80]] {
                var guest = try TinyGuest(hypervisor, flags + code + MachineCode.ring(0xE2) + MachineCode.spin)
                let exception = try guest.expectException(13)
                try expect("IOPL", exception.registers.rflags & 0x3000, is: 0)
            }
        }
    }

    @Sendable private static func userSegmentLoads(_ hypervisor: any Hypervisor) throws(ConformanceFailure) {
        // mov $selector, %eax; mov %eax, %ds, %es, %fs, %gs: the user's data segment and null.
        for selector: UInt32 in [0x23, 0, 3] {
            let code = [0xB8] + MachineCode.word(selector) + [0x8E, 0xD8, 0x8E, 0xC0, 0x8E, 0xE0, 0x8E, 0xE8]
            let probe = MachineCode.loadRDI(TinyGuest.data) + MachineCode.loadRAXAtRDI
            var guest = try TinyGuest(hypervisor, code + MachineCode.ring(0xE2) + probe + MachineCode.ring(0xE4))
            try guest.expectPort(0xE2)
            try guest.expectPort(0xE4)
        }
    }
}
