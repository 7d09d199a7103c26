// SPDX-License-Identifier: MIT OR Apache-2.0

internal import CVitrineKVM
internal import Glibc
internal import Synchronization
internal import VitrineHypervisor

/// The kernel objects of one machine: VM, vCPU, the vCPU's shared page and the guest's memory.
///
/// Released together and in this order, once, by `release()`: the kernel takes about 0.4 ms for it. The memory goes last,
/// since unmapping it under a living VM would make the kernel tear down the shadow page by page.
@safe final class KVMResources: @unchecked Sendable {
    // Sendable: immutable; the shared page is used by the thread that runs the machine only.

    let vcpu: Int32
    /// The vCPU's shared page, `struct kvm_run`.
    let run: UnsafeMutablePointer<kvm_run>
    private let vm: Int32
    private let runByteCount: Int
    private let memory: GuestMapping
    private let isReleased = Atomic<Bool>(false)

    /// Creates the VM with one memory slot and one vCPU; what was created is released again on failure.
    init(_ system: KVMSystem, memory: GuestMapping, base: UnsafeMutableRawPointer, byteCount: Int)
        throws(HypervisorError)
    {
        let vm = Descriptor(try Self.create(system.device, "KVM_CREATE_VM", vitrine_kvm_create_vm))
        var slot = kvm_userspace_memory_region()
        slot.memory_size = UInt64(byteCount)
        slot.userspace_addr = UInt64(UInt(bitPattern: base))
        try vm.control("KVM_SET_USER_MEMORY_REGION", vitrine_kvm_set_user_memory_region, &slot)
        let vcpu = Descriptor(try Self.create(vm.number, "KVM_CREATE_VCPU", vitrine_kvm_create_vcpu))
        // SAFETY: a new shared mapping of the vCPU, released by `release` only; the kernel fixes its size.
        let page = unsafe mmap(nil, system.runByteCount, PROT_READ | PROT_WRITE, MAP_SHARED, vcpu.number, 0)
        guard let page = unsafe page, unsafe page != MAP_FAILED else {
            throw .systemCall(name: "mmap vcpu", errno: errno)
        }
        unsafe run = page.bindMemory(to: kvm_run.self, capacity: 1)
        runByteCount = system.runByteCount
        self.memory = memory
        self.vm = vm.keep()
        self.vcpu = vcpu.keep()
    }

    /// Releases everything now, on the calling thread. The machine must not run any more.
    func release() {
        guard !isReleased.exchange(true, ordering: .acquiringAndReleasing) else { return }
        // SAFETY: the mapping of `init`, once.
        unsafe munmap(run, runByteCount)
        close(vcpu)
        close(vm)
        memory.unmap()
    }

    deinit { release() }

    private static func create(
        _ descriptor: Int32, _ name: String, _ request: UInt
    ) throws(HypervisorError) -> Int32 {
        while true {
            let result = vitrine_kvm_ioctl(descriptor, request, 0)
            if result >= 0 { return result }
            // A pending signal interrupts creation; the kernel has undone it.
            guard result == -EINTR else { throw .systemCall(name: name, errno: -result) }
        }
    }
}
