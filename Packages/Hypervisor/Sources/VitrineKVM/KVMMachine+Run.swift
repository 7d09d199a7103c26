// SPDX-License-Identifier: MIT OR Apache-2.0

internal import CVitrineKVM
internal import Glibc
@_spi(Backend) internal import VitrineHypervisor

extension KVMMachine {
    mutating func run(
        deadline: HostInstant?, _ onExit: (borrowing VMExit, inout GuestMemory) -> ExitAction
    ) throws(HypervisorError) -> RunOutcome {
        guard !isDead else { throw .machineDead }
        // SAFETY: a byte of the shared page, which lives as long as the machine: the kernel's and the handler's.
        let kickByte = unsafe Self.immediateExit(page)
        if let outcome = try unsafe interruptHandle.beginRun(kickByte: kickByte, deadline: deadline) {
            return outcome
        }
        defer { interruptHandle.endRun() }
        while true {
            let result = vitrine_kvm_enter(vcpu)
            let exit: VMExit
            if result == 0 {
                exit = decodeExit()
            } else if result == -EINTR || result == -EAGAIN {
                // Another signal of the program's interrupts too, and is nothing to us.
                guard unsafe kickByte.pointee != 0 else { continue }
                unsafe kickByte.pointee = 0
                if let outcome = interruptHandle.causeOfKick(deadline: deadline) { return outcome }
                exit = .kicked
            } else {
                isDead = true
                throw .systemCall(name: "KVM_RUN", errno: -result)
            }
            exits &+= 1
            let action = onExit(exit, &memory)
            if !exit.isResumable {
                isDead = true
                return .stopped
            }
            if action == .stop { return .stopped }
        }
    }

    /// Reads the shared page after an exit. The hot exit comes first and costs no further call of the kernel.
    private func decodeExit() -> VMExit {
        // SAFETY: the shared page lives as long as the machine; the kernel writes it during KVM_RUN only.
        let reason = unsafe page.pointee.exit_reason
        guard reason == UInt32(KVM_EXIT_IO) else { return decodeRareExit(reason) }
        let access = unsafe page.pointee.io
        let isWrite = access.direction == UInt8(KVM_EXIT_IO_OUT)
        if isWrite, access.size == 1, access.count == 1 {
            if SystemLayout.isOpen(access.port) { return .portWrite(port: access.port) }
            if access.port == SystemLayout.exceptionPort { return decodeException() }
        }
        return .unexpected(
            .portAccess(port: access.port, isWrite: isWrite, byteCount: access.size, repetitions: access.count))
    }

    private func decodeRareExit(_ reason: UInt32) -> VMExit {
        switch reason {
        case UInt32(KVM_EXIT_HLT), UInt32(KVM_EXIT_SHUTDOWN):
            return .shutdown
        case UInt32(KVM_EXIT_MMIO):
            // SAFETY: the shared page lives as long as the machine; the reason names the member of the union.
            let access = unsafe page.pointee.mmio
            return .unexpected(.unbackedAddress(GuestAddress(access.phys_addr), isWrite: access.is_write != 0))
        case UInt32(KVM_EXIT_INTERNAL_ERROR):
            // SAFETY: as above.
            return .unexpected(.internalError(unsafe page.pointee.internal.suberror))
        case UInt32(KVM_EXIT_FAIL_ENTRY):
            // SAFETY: as above.
            return .unexpected(.failedEntry(unsafe page.pointee.fail_entry.hardware_entry_failure_reason))
        default:
            return .unexpected(.unknown(reason))
        }
    }

    /// A stub rang: the frame is on its stack, the general registers are still the guest's.
    private func decodeException() -> VMExit {
        var general = kvm_regs()
        var special = kvm_sregs()
        do {
            try Self.control("KVM_GET_REGS", vcpu, vitrine_kvm_get_regs, &general)
            try Self.control("KVM_GET_SREGS", vcpu, vitrine_kvm_get_sregs, &special)
        } catch {
            return .unexpected(.damagedExceptionFrame)
        }
        guard let frame = ExceptionFrame(in: memory, stackPointer: general.rsp) else {
            return .unexpected(.damagedExceptionFrame)
        }
        // A fault while the CPU entered a stub: nothing of the guest's is to be told.
        if frame.vector == 8 { return .shutdown }
        var registers = Registers(general)
        registers.rip = frame.instructionPointer
        registers.rsp = frame.stackPointer
        registers.rflags = frame.flags
        return .exception(
            GuestException(
                vector: frame.vector, errorCode: frame.errorCode,
                faultAddress: frame.vector == 14 ? GuestAddress(special.cr2) : nil, registers: registers))
    }

    private static func immediateExit(_ page: UnsafeMutablePointer<kvm_run>) -> UnsafeMutablePointer<UInt8> {
        // `request_interrupt_window` is byte 0, `immediate_exit` byte 1 of struct kvm_run.
        // SAFETY: byte 1 of the page, which is larger; the pointer is used while the machine lives.
        unsafe UnsafeMutableRawPointer(page).assumingMemoryBound(to: UInt8.self) + 1
    }
}
