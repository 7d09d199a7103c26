// SPDX-License-Identifier: MIT OR Apache-2.0

internal import CVitrineKVM
internal import Glibc
internal import Synchronization
@_spi(Backend) internal import VitrineHypervisor

/// What one process needs of `/dev/kvm` once: the device, its sizes and the CPU it offers.
final class KVMSystem: Sendable {
    /// Opened by the first use, and kept; a failure is kept as well.
    static let shared: Result<KVMSystem, HypervisorError> = {
        HostTicks.begin()
        return Result { () throws(HypervisorError) in try KVMSystem() }
    }()

    /// `/dev/kvm`. Never closed: the object lives as long as the process.
    let device: Int32
    /// Size of a vCPU's shared page and what follows it.
    let runByteCount: Int
    /// The CPU as guests see it.
    let cpu: KVMCPUModel
    /// The counter's frequency in kHz by the kernel, 0 before the first vCPU, -1 when it does not say.
    private let kilohertz = Atomic<Int>(0)

    private init() throws(HypervisorError) {
        let number = vitrine_kvm_open()
        guard number >= 0 else { throw Self.openError(-number) }
        let device = Descriptor(number)
        guard try device.control("KVM_GET_API_VERSION", vitrine_kvm_get_api_version) == KVM_API_VERSION else {
            throw .unavailable(.missingCapability("KVM_API_VERSION"))
        }
        let synced = UInt(KVM_SYNC_X86_REGS | KVM_SYNC_X86_SREGS)
        try Self.require("KVM_CAP_USER_MEMORY", UInt(KVM_CAP_USER_MEMORY), of: device)
        try Self.require("KVM_CAP_EXT_CPUID", UInt(KVM_CAP_EXT_CPUID), of: device)
        try Self.require("KVM_CAP_IMMEDIATE_EXIT", UInt(KVM_CAP_IMMEDIATE_EXIT), of: device)
        try Self.require("KVM_CAP_SYNC_REGS", UInt(KVM_CAP_SYNC_REGS), bits: synced, of: device)
        let byteCount = Int(try device.control("KVM_GET_VCPU_MMAP_SIZE", vitrine_kvm_get_vcpu_mmap_size))
        guard byteCount >= MemoryLayout<kvm_run>.size else {
            throw .unavailable(.missingCapability("KVM_GET_VCPU_MMAP_SIZE"))
        }
        cpu = try KVMCPUModel(device)
        runByteCount = byteCount
        // Only now: a failure above closes the device.
        self.device = device.keep()
    }

    /// The counter's frequency in Hz: the same for all vCPUs, so the first one is asked.
    func statedTicksPerSecond(of vcpu: Int32) -> UInt64? {
        if kilohertz.load(ordering: .relaxed) == 0 {
            let answer = vitrine_kvm_ioctl(vcpu, vitrine_kvm_get_tsc_khz, 0)
            kilohertz.store(answer > 0 ? Int(answer) : -1, ordering: .relaxed)
        }
        let known = kilohertz.load(ordering: .relaxed)
        return known > 0 ? UInt64(known) * 1000 : nil
    }

    /// Tells apart why the device cannot be opened.
    static func openError(_ code: Int32) -> HypervisorError {
        switch code {
        case ENOENT, ENODEV, ENXIO: .unavailable(.deviceMissing)
        case EACCES, EPERM: .unavailable(.noPermission)
        default: .systemCall(name: "open /dev/kvm", errno: code)
        }
    }

    private static func require(
        _ name: String, _ capability: UInt, bits: UInt = 0, of device: borrowing Descriptor
    ) throws(HypervisorError) {
        let answer = try device.control("KVM_CHECK_EXTENSION", vitrine_kvm_check_extension, capability)
        guard answer > 0, UInt(answer) & bits == bits else { throw .unavailable(.missingCapability(name)) }
    }
}
