// SPDX-License-Identifier: MIT OR Apache-2.0

internal import CVitrineABI
internal import VitrineHypervisor

/// Which ports guest code may ring, and how.
enum PortChecks {
    static let open = [
        UInt8(VITRINE_PORT_READY), UInt8(VITRINE_PORT_CALL_HOST), UInt8(VITRINE_PORT_ABORT), UInt8(VITRINE_PORT_DRAIN),
    ]

    static let all = [
        ConformanceCheck("each open port is reported by its number and the guest goes on", openPorts),
        ConformanceCheck("each open port can be rung by register", openPortsByRegister),
        ConformanceCheck("each other port from 0 to 255 faults", closedPorts),
        ConformanceCheck("ports above 255 fault", highPorts),
        ConformanceCheck("a write wider than one byte faults at every open port", wideWrites),
        ConformanceCheck("input from closed ports faults", closedInput),
        ConformanceCheck("input from an open port ends the machine", openInput),
        ConformanceCheck("string output to a closed port faults", closedStringOutput),
        ConformanceCheck("repeated string output to an open port does not escape", openStringOutput),
    ]

    @Sendable private static func openPorts(_ hypervisor: any Hypervisor) throws(ConformanceFailure) {
        var guest = try TinyGuest(hypervisor, open.flatMap(MachineCode.ring) + MachineCode.spin)
        for port in open { try guest.expectPort(port) }
    }

    @Sendable private static func openPortsByRegister(_ hypervisor: any Hypervisor) throws(ConformanceFailure) {
        // mov $port, %edx; out %al, (%dx); jmp +0
        let code: [UInt8] = open.flatMap { MachineCode.loadEDX(UInt32($0)) + ([0xEE, 0xEB, 0x00] as [UInt8]) }
        var guest = try TinyGuest(hypervisor, code)
        for port in open { try guest.expectPort(port) }
    }

    @Sendable private static func closedPorts(_ hypervisor: any Hypervisor) throws(ConformanceFailure) {
        for port in UInt8.min...UInt8.max where !open.contains(port) {
            try expectProtectionFault(hypervisor, MachineCode.ring(port), "port \(port)")
        }
    }

    @Sendable private static func highPorts(_ hypervisor: any Hypervisor) throws(ConformanceFailure) {
        // Well-known ones, those whose low byte is an open port's, and a sample of every page of 256.
        let known: [UInt32] = [0x100, 0x3F8, 0xCF8, 0xE0E0, 0xFFFF]
        let aliases = stride(from: UInt32(0x1E0), through: 0xFFE0, by: 0x1100)
        for port in known + aliases + stride(from: UInt32(0x100), through: 0xFFFF, by: 251) {
            try expectProtectionFault(
                hypervisor, MachineCode.loadEDX(port) + [0xEE], "port \(port)", at: 5)  // out %al, (%dx)
        }
    }

    @Sendable private static func wideWrites(_ hypervisor: any Hypervisor) throws(ConformanceFailure) {
        for port in open.flatMap({ [$0, $0 &- 1] }) {
            try expectProtectionFault(hypervisor, [0xE7, port], "32-bit port \(port)")  // out %eax, $port
            try expectProtectionFault(hypervisor, [0x66, 0xE7, port], "16-bit port \(port)")  // out %ax, $port
        }
    }

    @Sendable private static func closedInput(_ hypervisor: any Hypervisor) throws(ConformanceFailure) {
        for port: UInt8 in [0x00, 0x60, 0x80, 0xE1, 0xF0, 0xFF] {
            try expectProtectionFault(hypervisor, [0xE4, port], "input port \(port)")  // in $port, %al
        }
        try expectProtectionFault(hypervisor, [0xE5, 0xE0], "32-bit input")  // in $0xE0, %eax
        // mov $0x3F8, %edx; in (%dx), %al
        try expectProtectionFault(hypervisor, MachineCode.loadEDX(0x3F8) + [0xEC], "input port 0x3F8", at: 5)
    }

    @Sendable private static func openInput(_ hypervisor: any Hypervisor) throws(ConformanceFailure) {
        for port in open {
            var guest = try TinyGuest(hypervisor, [0xE4, port] + MachineCode.spin)  // in $port, %al
            let exit = try guest.nextExit()
            guard case .unexpected = exit else { throw .exit(expected: "unexpected", actual: exit) }
            try guest.expectDead()
        }
    }

    @Sendable private static func closedStringOutput(_ hypervisor: any Hypervisor) throws(ConformanceFailure) {
        // mov $0x80, %edx; outsb / rep outsb / outsl
        for code: [UInt8] in [[0x6E], [0xF3, 0x6E], [0x6F]] {
            // `rep` counts RCX.
            let prepared = MachineCode.loadRCX(4) + MachineCode.loadEDX(0x80)
            try expectProtectionFault(hypervisor, prepared + code, "string output", at: prepared.count)
        }
    }

    @Sendable private static func openStringOutput(_ hypervisor: any Hypervisor) throws(ConformanceFailure) {
        // mov $0x200000, %esi; rep outsb: reported byte by byte like plain writes, or the end of the machine.
        let code =
            MachineCode.loadRCX(4) + MachineCode.loadEDX(UInt32(open[0])) + [0xBE] + MachineCode.word(UInt32(0x20_0000))
            + [0xF3, 0x6E] + MachineCode.ring(open[1]) + MachineCode.spin
        var guest = try TinyGuest(hypervisor, code)
        for _ in 0..<5 {
            switch try guest.nextExit() {
            case .portWrite(UInt16(open[0])): continue
            case .portWrite(UInt16(open[1])): return
            case .unexpected: return try guest.expectDead()
            case let exit: throw .exit(expected: "port write or unexpected", actual: exit)
            }
        }
    }

    private static func expectProtectionFault(
        _ hypervisor: any Hypervisor, _ code: [UInt8], _ what: String, at offset: Int = 0
    ) throws(ConformanceFailure) {
        var guest = try TinyGuest(hypervisor, code + MachineCode.ring(open[0]) + MachineCode.spin)
        let exception = try guest.expectException(13)
        try expect("error code of \(what)", exception.errorCode, is: 0)
        try expect(
            "instruction pointer of \(what)", exception.instructionPointer,
            is: GuestAddress(TinyGuest.code + UInt64(offset)))
    }
}
