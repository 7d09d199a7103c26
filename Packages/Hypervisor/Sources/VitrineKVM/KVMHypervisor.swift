// SPDX-License-Identifier: MIT OR Apache-2.0

@_spi(Backend) public import VitrineHypervisor

/// Runs guests by the kernel's `/dev/kvm`, on VMX, SVM or a software KVM with shadow paging.
///
/// A dropped machine is released by a thread of this module; `drainTeardown` waits for it.
public struct KVMHypervisor: Hypervisor {
    /// Costs nothing; the device is opened by the first use.
    public init() {}

    /// `kvm`.
    public var name: String { "kvm" }

    /// What a kernel without hardware virtualization does otherwise at CPL 3; on hardware none of it is needed.
    public var differences: Set<BackendDifference> {
        [.inexactSoftwareInterrupt, .inexactPrivilegedVector, .inexactSegmentLoad]
    }

    /// Whether `/dev/kvm` is there, may be opened, has what is needed, and runs vector code at CPL 3. Costs a
    /// millisecond once per process.
    public func probe() throws(HypervisorError) {
        try telemetry.probe { () throws(HypervisorError) in try KVMProbe.result.get() }
    }

    private var telemetry = BackendTelemetry(backend: "kvm")

    /// The same, with spans that are marked by errors and no events of them.
    public var leavingErrorsToCaller: KVMHypervisor {
        var quiet = self
        quiet.telemetry = telemetry.leavingErrorsToCaller
        return quiet
    }

    /// Makes a machine. Costs about half a millisecond, nearly all of it in the kernel.
    public func makeMachine(
        memory: consuming GuestMemory, entry: GuestAddress
    ) throws(HypervisorError) -> any VirtualMachine & ~Copyable {
        var making = telemetry.making(memoryByteCount: memory.map.byteCount)
        do throws(HypervisorError) {
            var machine = try KVMMachine(KVMSystem.shared.get(), memory: memory, entry: entry)
            machine.telemetry = telemetry
            return KVMMachineHandle(machine)
        } catch {
            making.fail(error)
            throw error
        }
    }

    /// Waits until the kernel objects of all machines dropped before are released.
    public static func drainTeardown() { KVMTeardown.shared.drain() }
}
