// SPDX-License-Identifier: MIT OR Apache-2.0

internal import CVitrineUnicorn
@_spi(Backend) internal import VitrineHypervisor

/// Makes a CPU's exit of an event after which the guest cannot go on.
enum FinalEvent {
    private static let generalProtection: UInt8 = 13
    private static let pageFault: UInt8 = 14

    static func decode(_ event: vitrine_emulator_event, _ memory: borrowing GuestMemory) -> VMExit {
        let registers = Registers(event.registers)
        switch event.kind {
        case VITRINE_EMULATOR_EXCEPTION: return exception(event, registers, memory)
        case VITRINE_EMULATOR_INTERRUPT: return softwareInterrupt(event, registers)
        case VITRINE_EMULATOR_PORT_REFUSED: return refusedPort(event, registers, memory)
        default: return .unexpected(.internalError(event.number))
        }
    }

    private static func exception(
        _ event: vitrine_emulator_event, _ registers: Registers, _ memory: borrowing GuestMemory
    ) -> VMExit {
        guard let vector = UInt8(exactly: event.number), vector < 32 else {
            return .unexpected(.internalError(event.number))
        }
        // A CPU asks the I/O bitmap before it touches the memory of a string instruction; Unicorn asks no bitmap.
        if vector == pageFault || vector == generalProtection {
            let instruction = InstructionReader.instruction(at: GuestAddress(registers.rip), in: memory)
            if let width = instruction?.stringPortByteCount, !isOpen(registers.rdx, byteCount: width) {
                return protectionFault(registers)
            }
        }
        return .exception(
            GuestException(
                vector: vector, errorCode: event.error_code,
                faultAddress: vector == pageFault ? GuestAddress(event.fault_address) : nil, registers: registers))
    }

    /// Only the gate of `int3` is open to guest code; any other is #GP with the gate's index, at the instruction (Intel
    /// SDM volume 3, 6.13: bit 1 tells that the index is of the IDT).
    private static func softwareInterrupt(_ event: vitrine_emulator_event, _ registers: Registers) -> VMExit {
        if event.number == 3 {
            return .exception(GuestException(vector: 3, errorCode: 0, faultAddress: nil, registers: registers))
        }
        var atInstruction = registers
        // Unicorn stands behind the two bytes, but for vector 6, where it stands at them.
        if event.number != 6 { atInstruction.rip &-= 2 }
        return protectionFault(atInstruction, errorCode: UInt64(event.number) << 3 | 2)
    }

    private static func refusedPort(
        _ event: vitrine_emulator_event, _ registers: Registers, _ memory: borrowing GuestMemory
    ) -> VMExit {
        let port = UInt16(truncatingIfNeeded: event.port)
        // The bitmap does not tell input from output, so a CPU lets input from an open port through to the host.
        if isOpen(UInt64(port), byteCount: Int(event.port_byte_count)) {
            return .unexpected(
                .portAccess(
                    port: port, isWrite: event.port_is_write,
                    byteCount: UInt8(truncatingIfNeeded: event.port_byte_count), repetitions: 1))
        }
        var atInstruction = registers
        let block = GuestAddress(event.block_address)
        atInstruction.rip =
            InstructionReader.portInstruction(Int(event.port_access_index), ofBlockAt: block, in: memory)?.rawValue
            ?? block.rawValue
        return protectionFault(atInstruction)
    }

    private static func protectionFault(_ registers: Registers, errorCode: UInt64 = 0) -> VMExit {
        .exception(
            GuestException(
                vector: generalProtection, errorCode: errorCode, faultAddress: nil, registers: registers))
    }

    /// What the TSS's bitmap says to an access of so many bytes: the neighbours of open ports are closed.
    private static func isOpen(_ port: UInt64, byteCount: Int) -> Bool {
        byteCount == 1 && SystemLayout.isOpen(UInt16(truncatingIfNeeded: port))
    }
}

extension Registers {
    init(_ values: vitrine_emulator_registers) {
        self.init()
        rax = values.rax
        rbx = values.rbx
        rcx = values.rcx
        rdx = values.rdx
        rsi = values.rsi
        rdi = values.rdi
        rsp = values.rsp
        rbp = values.rbp
        r8 = values.r8
        r9 = values.r9
        r10 = values.r10
        r11 = values.r11
        r12 = values.r12
        r13 = values.r13
        r14 = values.r14
        r15 = values.r15
        rip = values.rip
        rflags = values.rflags
    }
}
