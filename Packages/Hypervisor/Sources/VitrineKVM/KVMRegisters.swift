// SPDX-License-Identifier: MIT OR Apache-2.0

internal import CVitrineKVM
@_spi(Backend) internal import VitrineHypervisor

extension kvm_sregs {
    /// Long mode at CPL 3 with the tables of the guest's memory; what is not named keeps its value after reset.
    mutating func enterUserMode(extendedStates: UInt64) {
        cr0 = SystemLayout.cr0
        cr3 = SystemLayout.pageTables
        cr4 = SystemLayout.cr4 | (extendedStates != 0 ? SystemLayout.cr4OSXSAVE : 0)
        efer = SystemLayout.efer
        gdt.base = SystemLayout.gdt
        gdt.limit = SystemLayout.gdtLimit
        idt.base = SystemLayout.idt
        idt.limit = SystemLayout.idtLimit

        tr = kvm_segment()
        tr.base = SystemLayout.tss
        tr.limit = UInt32(SystemLayout.tssLimit)
        tr.selector = SystemLayout.taskState
        tr.type = 11  // busy 64-bit TSS
        tr.present = 1
        ldt = kvm_segment()
        ldt.unusable = 1

        var segment = kvm_segment()
        segment.limit = .max
        segment.present = 1
        segment.dpl = 3
        segment.s = 1
        segment.g = 1
        segment.selector = SystemLayout.userCode
        segment.type = 11  // code, readable, accessed
        segment.l = 1
        cs = segment
        segment.selector = SystemLayout.userData
        segment.type = 3  // data, writable, accessed
        segment.l = 0
        segment.db = 1
        (ds, es, fs, gs, ss) = (segment, segment, segment, segment, segment)
    }
}

extension kvm_regs {
    /// The kernel's structure for the registers.
    init(_ registers: Registers) {
        self.init()
        (rax, rbx, rcx, rdx) = (registers.rax, registers.rbx, registers.rcx, registers.rdx)
        (rsi, rdi, rsp, rbp) = (registers.rsi, registers.rdi, registers.rsp, registers.rbp)
        (r8, r9, r10, r11) = (registers.r8, registers.r9, registers.r10, registers.r11)
        (r12, r13, r14, r15) = (registers.r12, registers.r13, registers.r14, registers.r15)
        (rip, rflags) = (registers.rip, registers.rflags)
    }
}

extension Registers {
    /// The registers of the kernel's structure.
    init(_ registers: kvm_regs) {
        self.init()
        (rax, rbx, rcx, rdx) = (registers.rax, registers.rbx, registers.rcx, registers.rdx)
        (rsi, rdi, rsp, rbp) = (registers.rsi, registers.rdi, registers.rsp, registers.rbp)
        (r8, r9, r10, r11) = (registers.r8, registers.r9, registers.r10, registers.r11)
        (r12, r13, r14, r15) = (registers.r12, registers.r13, registers.r14, registers.r15)
        (rip, rflags) = (registers.rip, registers.rflags)
    }
}
