// SPDX-License-Identifier: MIT OR Apache-2.0

@_spi(Backend) public import VitrineHypervisor

/// Runs guests on Unicorn, a CPU in software: for machines without `/dev/kvm`.
///
/// The same guest runs as on KVM, up to sixty times slower than on the CPU itself; an exit is cheaper than a real
/// one. A program offers it to `Vitrine`'s automatic choice of a backend by linking this module, no more.
public struct EmulatorHypervisor: Hypervisor {
    /// Costs nothing.
    public init() {}

    /// `emulator`.
    public var name: String { "emulator" }

    /// Those of `knownDifferences` that the conformance suite checks.
    public var differences: Set<BackendDifference> { Set(Self.knownDifferences.compactMap(\.relaxes)) }

    /// Whether Unicorn behaves here as this module needs, which is found by experiment, and runs a guest.
    /// Costs some milliseconds once per process.
    public func probe() throws(HypervisorError) {
        try telemetry.probe { () throws(HypervisorError) in try EmulatorProbe.result.get() }
    }

    private var telemetry = BackendTelemetry(backend: "emulator")

    /// The same, with spans that are marked by errors and no events of them.
    public var leavingErrorsToCaller: EmulatorHypervisor {
        var quiet = self
        quiet.telemetry = telemetry.leavingErrorsToCaller
        return quiet
    }

    /// Makes a machine. Costs 0.15 ms one after another, 3 ms each when many are kept alive, nearly all of it in
    /// Unicorn, and 1 GiB of address space for translated code.
    ///
    /// - Throws: `.invalidEntry`; `.unavailable` when Unicorn cannot be used; `.systemCall` when address space or
    ///   memory for translated code is missing; `.backend` with Unicorn's number for anything else.
    public func makeMachine(
        memory: consuming GuestMemory, entry: GuestAddress
    ) throws(HypervisorError) -> any VirtualMachine & ~Copyable {
        var making = telemetry.making(memoryByteCount: memory.map.byteCount)
        do throws(HypervisorError) {
            var machine = try EmulatorMachine(memory: memory, entry: entry)
            machine.telemetry = telemetry
            return machine
        } catch {
            making.fail(error)
            throw error
        }
    }
}
