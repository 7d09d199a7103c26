// SPDX-License-Identifier: MIT OR Apache-2.0

internal import CVitrineKVM
@_spi(Backend) internal import VitrineHypervisor

/// A VM with one vCPU and one memory slot. Dropping it hands the kernel's objects to `KVMTeardown`.
@safe struct KVMMachine: VirtualMachine, ~Copyable, @unchecked Sendable {
    // Sendable: used by one thread at a time, as the protocol says.

    let interruptHandle: InterruptHandle
    let resources: KVMResources
    /// Copies of what the run loop needs at each exit.
    let vcpu: Int32
    let page: UnsafeMutablePointer<kvm_run>
    var memory: GuestMemory
    /// After an exit that is not resumable.
    var isDead = false
    /// Those that handlers were asked about.
    var exits: UInt64 = 0
    /// What tells of its runs.
    var telemetry = BackendTelemetry(backend: "kvm")
    private let guestMinusHostTicks: UInt64
    private let statedTicksPerSecond: UInt64?

    init(_ system: KVMSystem, memory: consuming GuestMemory, entry: GuestAddress) throws(HypervisorError) {
        guard memory.map.region(containing: entry)?.permissions.contains(.execute) == true else {
            throw .invalidEntry(entry)
        }
        // SAFETY: the resources keep the mapping, and so the address.
        let resources = try unsafe KVMResources(
            system, memory: memory.mapping, base: memory.baseAddress, byteCount: memory.map.byteCount)
        let vcpu = resources.vcpu
        try Self.check("KVM_SET_CPUID2") {
            // SAFETY: the CPU model keeps the structure for the life of the process.
            unsafe vitrine_kvm_ioctl_pointer(vcpu, vitrine_kvm_set_cpuid2, system.cpu.identification)
        }
        if system.cpu.extendedStates != 0 { try Self.setExtendedStates(vcpu, system.cpu.extendedStates) }
        try Self.closeSystemCalls(vcpu)
        var special = kvm_sregs()
        try Self.control("KVM_GET_SREGS", vcpu, vitrine_kvm_get_sregs, &special)
        special.enterUserMode(extendedStates: system.cpu.extendedStates)
        var general = kvm_regs(Registers.atEntry(entry, map: memory.map))
        // SAFETY: the shared page of this vCPU; the next KVM_RUN loads both.
        unsafe vitrine_kvm_sync(resources.run, &general, &special)

        let offset = try Self.guestMinusHostTicks(vcpu)
        interruptHandle = InterruptHandle()
        self.resources = resources
        self.vcpu = vcpu
        // SAFETY: the resources keep the page.
        unsafe page = resources.run
        self.memory = memory
        guestMinusHostTicks = offset
        statedTicksPerSecond = system.statedTicksPerSecond(of: vcpu)
    }

    deinit { KVMTeardown.shared.enqueue(resources) }

    var counters: MachineCounters { interruptHandle.counters(exits: exits) }

    var guestClock: GuestClock {
        GuestClock(guestMinusHostTicks: guestMinusHostTicks, statedTicksPerSecond: statedTicksPerSecond)
    }

    mutating func lendMemory(to body: (inout GuestMemory) -> Void) { body(&memory) }

    /// x87, SSE and AVX state, so that a guest may use what CPUID shows.
    private static func setExtendedStates(_ vcpu: Int32, _ states: UInt64) throws(HypervisorError) {
        var registers = kvm_xcrs()
        registers.nr_xcrs = 1
        registers.xcrs.0.value = states
        try control("KVM_SET_XCRS", vcpu, vitrine_kvm_set_xcrs, &registers)
    }

    /// `syscall` faults by EFER.SCE = 0; a kernel that runs it all the same gets a target that guest code cannot fetch.
    private static func closeSystemCalls(_ vcpu: Int32) throws(HypervisorError) {
        var registers = vitrine_kvm_msrs()
        registers.count = 2
        registers.entries.0.index = 0xC000_0082  // LSTAR
        registers.entries.0.data = SystemLayout.stubs
        registers.entries.1.index = 0xC000_0083  // CSTAR
        registers.entries.1.data = SystemLayout.stubs
        guard try control("KVM_SET_MSRS", vcpu, vitrine_kvm_set_msrs, &registers) == 2 else {
            throw .unavailable(.missingCapability("MSR_LSTAR"))
        }
    }

    /// How far the guest's counter is ahead. Costs two requests.
    private static func guestMinusHostTicks(_ vcpu: Int32) throws(HypervisorError) -> UInt64 {
        var registers = vitrine_kvm_msrs()
        registers.count = 1
        registers.entries.0.index = 0x10  // IA32_TIME_STAMP_COUNTER
        func read() throws(HypervisorError) -> GuestTicksReading {
            let before = HostTicks.ticks
            guard try control("KVM_GET_MSRS", vcpu, vitrine_kvm_get_msrs, &registers) == 1 else {
                throw .unavailable(.missingCapability("MSR_IA32_TSC"))
            }
            return GuestTicksReading(before: before, guest: registers.entries.0.data, after: HostTicks.ticks)
        }
        // Twice, as what interrupts a reading moves all times that the guest ever tells: others' time slices are milliseconds.
        return GuestTicksReading.tighter(try read(), try read()).guestMinusHostTicks
    }

    @discardableResult
    static func control<Value: BitwiseCopyable>(
        _ name: String, _ vcpu: Int32, _ request: UInt, _ value: inout Value
    ) throws(HypervisorError) -> Int32 {
        // SAFETY: the request's number fixes the structure's type; each caller passes that type.
        let result = unsafe withUnsafeMutablePointer(to: &value) { pointer in
            unsafe vitrine_kvm_ioctl_pointer(vcpu, request, pointer)
        }
        guard result >= 0 else { throw .systemCall(name: name, errno: -result) }
        return result
    }

    private static func check(_ name: String, _ body: () -> Int32) throws(HypervisorError) {
        let result = body()
        guard result >= 0 else { throw .systemCall(name: name, errno: -result) }
    }
}
