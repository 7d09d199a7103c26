// SPDX-License-Identifier: MIT OR Apache-2.0

internal import CVitrineKVM
internal import VitrineHypervisor

/// The CPU that guests see: what the kernel supports, without what a guest at CPL 3 here cannot use.
///
/// A kernel without hardware virtualization cannot filter CPUID at CPL 3; guests see the host's answers there.
@safe final class KVMCPUModel: @unchecked Sendable {
    // Sendable: written by `init` only.

    /// The argument of KVM_SET_CPUID2. Never freed.
    let identification: UnsafeMutablePointer<vitrine_kvm_cpuid>
    /// XCR0 for guests, 0 without XSAVE: x87, SSE and AVX state as far as supported.
    let extendedStates: UInt64

    init(_ device: borrowing Descriptor) throws(HypervisorError) {
        // SAFETY: allocated here and initialized by the next line.
        unsafe identification = .allocate(capacity: 1)
        unsafe identification.initialize(to: vitrine_kvm_cpuid())
        unsafe identification.pointee.count = UInt32(VITRINE_KVM_CPUID_CAPACITY)
        try unsafe device.control(
            "KVM_GET_SUPPORTED_CPUID", vitrine_kvm_get_supported_cpuid, &identification.pointee)
        extendedStates = unsafe Self.filter(&identification.pointee)
    }

    /// Hides features and answers the extended states left.
    private static func filter(_ cpuid: inout vitrine_kvm_cpuid) -> UInt64 {
        let count = min(Int(cpuid.count), Int(VITRINE_KVM_CPUID_CAPACITY))
        var states: UInt64 = 0
        // SAFETY: the tuple is the C array; the indices stay below its capacity.
        unsafe withUnsafeMutableBytes(of: &cpuid.entries) { bytes in
            let entries = unsafe bytes.bindMemory(to: kvm_cpuid_entry2.self)
            for index in 0..<count { hide(&(unsafe entries[index]), &states) }
        }
        return states
    }

    /// Bit numbers from Intel SDM volume 2, CPUID, and AMD APM volume 3, appendix E.
    private static func hide(_ entry: inout kvm_cpuid_entry2, _ states: inout UInt64) {
        switch (entry.function, entry.index) {
        case (1, _):
            // MONITOR, VMX, x2APIC, TSC deadline; SYSENTER.
            entry.ecx &= ~bits(3, 5, 21, 24)
            entry.edx &= ~bits(11)
        case (7, 0):
            // FSGSBASE, INVPCID, AVX-512 and Intel PT.
            entry.ebx &= ~bits(0, 10, 16, 17, 21, 25, 26, 27, 28, 30, 31)
            // AVX-512, PKU, shadow stacks.
            entry.ecx &= ~bits(1, 3, 4, 6, 7, 11, 12, 14)
            // AVX-512, IBT, AMX.
            entry.edx &= ~bits(2, 3, 8, 20, 22, 23, 24, 25)
        case (0xD, 0):
            // x87, SSE and AVX; the standard format of their state takes 832 bytes.
            states = UInt64(entry.eax & 7)
            entry.eax &= 7
            entry.edx = 0
            entry.ecx = min(entry.ecx, states & 4 != 0 ? 832 : 576)
        case (0xD, 1):
            // XSAVES and XFD are for supervisors.
            entry.eax &= ~bits(3, 4)
            (entry.ecx, entry.edx) = (0, 0)
        case (0xD, 3...):
            (entry.eax, entry.ebx, entry.ecx, entry.edx) = (0, 0, 0, 0)
        case (0x8000_0001, _):
            // SVM; SYSCALL.
            entry.ecx &= ~bits(2)
            entry.edx &= ~bits(11)
        default: break
        }
    }

    private static func bits(_ numbers: UInt32...) -> UInt32 { numbers.reduce(0) { $0 | 1 << $1 } }
}
