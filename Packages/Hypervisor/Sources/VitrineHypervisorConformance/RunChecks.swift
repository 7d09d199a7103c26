// SPDX-License-Identifier: MIT OR Apache-2.0

internal import VitrineHypervisor

/// Beginning, stopping and going on.
enum RunChecks {
    static let all = [
        ConformanceCheck("a guest begins with the ABI's registers", entryRegisters),
        ConformanceCheck("a run after a stop goes on behind the exit", continues),
        ConformanceCheck("exits that are resumed stay in one run", resumes),
        ConformanceCheck("an entry outside executable segments is refused", invalidEntries),
        ConformanceCheck("host and guest see each other's writes between exits", sharedMemory),
        ConformanceCheck("a machine runs inside another's exit handler", nestedRuns),
        ConformanceCheck("two machines share nothing", isolation),
        ConformanceCheck("machines in great number come and go", manyMachines),
    ]

    @Sendable private static func entryRegisters(_ hypervisor: any Hypervisor) throws(ConformanceFailure) {
        // pushfq; push %rsp (its value before the push), rax, rcx, rdx, rbx, rbp, rsi, rdi, r8...r15
        var code: [UInt8] = [0x9C, 0x54, 0x50, 0x51, 0x52, 0x53, 0x55, 0x56, 0x57]
        for number: UInt8 in 0..<8 { code += [0x41, 0x50 + number] }
        var guest = try TinyGuest(hypervisor, code + MachineCode.ring(0xE2))
        try guest.expectPort(0xE2)
        let end = guest.map.region(.stack).end.rawValue
        func pushed(_ index: UInt64, _ guest: inout TinyGuest) throws(ConformanceFailure) -> UInt64 {
            try guest.word(at: end - 16 - 8 * index)
        }
        // The CPU may show IF, which has no meaning for the guest.
        try expect("flags", try pushed(0, &guest) & ~0x200, is: 2)
        try expect("rsp", try pushed(1, &guest), is: end - 16)
        for index: UInt64 in 2..<17 {
            try expect(
                "register \(index)", try pushed(index, &guest), is: index == 8 ? MemoryMap.controlPage.rawValue : 0)
        }
    }

    @Sendable private static func continues(_ hypervisor: any Hypervisor) throws(ConformanceFailure) {
        // mov $data, %rdi; 1: incq (%rdi); ring; jmp 1b
        let code = MachineCode.loadRDI(TinyGuest.data) + [0x48, 0xFF, 0x07] + MachineCode.ring(0xE0) + [0xEB, 0xF7]
        var guest = try TinyGuest(hypervisor, code)
        for count: UInt64 in 1...100 {
            try guest.expectPort(0xE0)
            try expect("count", try guest.word(at: TinyGuest.data), is: count)
        }
    }

    @Sendable private static func resumes(_ hypervisor: any Hypervisor) throws(ConformanceFailure) {
        let code = MachineCode.loadRDI(TinyGuest.data) + [0x48, 0xFF, 0x07] + MachineCode.ring(0xE2) + [0xEB, 0xF7]
        var guest = try TinyGuest(hypervisor, code)
        var seen: [UInt64] = []
        let outcome = try guest.run(deadline: nil) { _, memory in
            seen.append((try? memory.load(at: GuestAddress(TinyGuest.data))) ?? 0)
            return seen.count < 200 ? .resume : .stop
        }
        try expect("outcome", outcome, is: .stopped)
        try expect("counts", seen, is: Array(1...200))
    }

    @Sendable private static func invalidEntries(_ hypervisor: any Hypervisor) throws(ConformanceFailure) {
        for entry in [0, 0x1_1000, 0x1F_F000, TinyGuest.constants, TinyGuest.data, 0x20_1000, .max] {
            let memory = try TinyGuest.memory(MachineCode.spin)
            do throws(HypervisorError) {
                _ = try hypervisor.makeMachine(memory: memory, entry: GuestAddress(entry))
            } catch {
                guard error == .invalidEntry(GuestAddress(entry)) else { throw .hypervisor(error) }
                continue
            }
            throw .missingError(expected: .invalidEntry(GuestAddress(entry)))
        }
    }

    @Sendable private static func sharedMemory(_ hypervisor: any Hypervisor) throws(ConformanceFailure) {
        // mov $control, %rdi; mov (%rdi), %rax; mov $data, %rdi; mov %rax, (%rdi); ring; back to the start
        let body =
            MachineCode.loadRDI(MemoryMap.controlPage.rawValue) + MachineCode.loadRAXAtRDI
            + MachineCode.loadRDI(TinyGuest.data) + MachineCode.storeRAXAtRDI + MachineCode.ring(0xE0)
        var guest = try TinyGuest(hypervisor, body + [0xEB, UInt8(truncatingIfNeeded: -(body.count + 2))])
        for value: UInt64 in [1, .max, 0x0123_4567_89AB_CDEF, 0] {
            try guest.setWord(value, at: MemoryMap.controlPage.rawValue)
            try guest.setWord(~value, at: TinyGuest.data)
            try guest.expectPort(0xE0)
            try expect("copied word", try guest.word(at: TinyGuest.data), is: value)
        }
    }

    @Sendable private static func nestedRuns(_ hypervisor: any Hypervisor) throws(ConformanceFailure) {
        var outer = try TinyGuest(hypervisor, MachineCode.ring(0xE2) + MachineCode.ring(0xE4))
        var failure: ConformanceFailure?
        let hour = HostInstant.now.advanced(by: .seconds(3600))
        let outcome = try outer.run(deadline: hour) { exit, _ in
            guard case .portWrite(port: 0xE2) = copy exit else { return .stop }
            do throws(ConformanceFailure) {
                var inner = try TinyGuest(hypervisor, MachineCode.spin)
                let deadline = HostInstant.now.advanced(by: .milliseconds(2))
                try expect("outcome", try inner.run(deadline: deadline) { _, _ in .resume }, is: .deadlineExceeded)
            } catch { failure = error }
            return .resume
        }
        if let failure { throw failure }
        try expect("outcome", outcome, is: .stopped)
    }

    @Sendable private static func isolation(_ hypervisor: any Hypervisor) throws(ConformanceFailure) {
        // 1: add %rbx, %rax (from 0); inc %rbx; mov %rax, (data); ring; jmp 1b
        let prefix = MachineCode.loadRDI(TinyGuest.data)
        let code =
            prefix + [0x48, 0xFF, 0xC3, 0x48, 0x01, 0xD8] + MachineCode.storeRAXAtRDI + MachineCode.ring(0xE0)
            + [0xEB, 0xF1]
        var first = try TinyGuest(hypervisor, code)
        var second = try TinyGuest(hypervisor, code)
        for round: UInt64 in 1...20 {
            try first.expectPort(0xE0)
            try first.expectPort(0xE0)
            try second.expectPort(0xE0)
            try expect("first sum", try first.word(at: TinyGuest.data), is: round * (2 * round + 1))
            try expect("second sum", try second.word(at: TinyGuest.data), is: round * (round + 1) / 2)
        }
    }

    @Sendable private static func manyMachines(_ hypervisor: any Hypervisor) throws(ConformanceFailure) {
        for _ in 0..<20 {
            var guest = try TinyGuest(hypervisor, MachineCode.ring(0xE0))
            try guest.expectPort(0xE0)
        }
    }
}
