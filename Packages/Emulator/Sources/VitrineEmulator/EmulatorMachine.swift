// SPDX-License-Identifier: MIT OR Apache-2.0

@_spi(Backend) internal import VitrineHypervisor

/// A Unicorn CPU and its memory. Dropping it frees both at once, which costs 0.1 ms.
struct EmulatorMachine: VirtualMachine, ~Copyable {
    let interruptHandle = InterruptHandle()
    private var cpu: EmulatorCPU
    /// After an exit that is not resumable.
    private var isDead = false
    /// Those that handlers were asked about.
    private var exits: UInt64 = 0
    /// What tells of its runs.
    var telemetry = BackendTelemetry(backend: "emulator")

    init(memory: consuming GuestMemory, entry: GuestAddress) throws(HypervisorError) {
        HostTicks.begin()
        guard memory.map.region(containing: entry)?.permissions.contains(.execute) == true else {
            throw .invalidEntry(entry)
        }
        cpu = try EmulatorCPU(memory: memory, start: .atEntry(entry, map: memory.map))
    }

    var counters: MachineCounters { interruptHandle.counters(exits: exits) }

    /// Unicorn's `rdtsc` is the host's.
    var guestClock: GuestClock { GuestClock(guestMinusHostTicks: 0, statedTicksPerSecond: nil) }

    mutating func lendMemory(to body: (inout GuestMemory) -> Void) { body(&cpu.memory) }

    mutating func run(
        deadline: HostInstant?, _ onExit: (borrowing VMExit, inout GuestMemory) -> ExitAction
    ) throws(HypervisorError) -> RunOutcome {
        guard BackendTelemetry.isWatched else { return try runGuest(deadline: deadline, onExit) }
        let running = telemetry.running()
        let before = exits
        do throws(HypervisorError) {
            let outcome = try runGuest(deadline: deadline, onExit)
            running.end(outcome, exits: exits &- before)
            return outcome
        } catch {
            running.fail(error)
            throw error
        }
    }

    private mutating func runGuest(
        deadline: HostInstant?, _ onExit: (borrowing VMExit, inout GuestMemory) -> ExitAction
    ) throws(HypervisorError) -> RunOutcome {
        guard !isDead else { throw .machineDead }
        if let outcome = try cpu.beginRun(interruptHandle, deadline: deadline) { return outcome }
        defer { interruptHandle.endRun() }
        while true {
            let exit: VMExit
            switch cpu.next() {
            case .kicked:
                cpu.resetKick()
                if let outcome = interruptHandle.causeOfKick(deadline: deadline) { return outcome }
                exit = .kicked
            case .portWrite(let port):
                exit = .portWrite(port: port)
            case .final(let reason):
                exit = reason
            }
            exits &+= 1
            let action = onExit(exit, &cpu.memory)
            if !exit.isResumable {
                isDead = true
                return .stopped
            }
            if action == .stop { return .stopped }
        }
    }
}
