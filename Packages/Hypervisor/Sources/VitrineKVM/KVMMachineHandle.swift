// SPDX-License-Identifier: MIT OR Apache-2.0

@_spi(Backend) internal import VitrineHypervisor

/// A machine behind one word.
///
/// `any VirtualMachine` holds up to three words itself and boxes what is larger; each use of a boxed machine then asks
/// the runtime whether the box is shared. Right behind an exit, with cold caches, that is a tenth of a microsecond.
@safe struct KVMMachineHandle: VirtualMachine, ~Copyable, @unchecked Sendable {
    // Sendable: the machine is, and this is its one owner.

    private let machine: UnsafeMutablePointer<KVMMachine>

    init(_ machine: consuming KVMMachine) {
        // SAFETY: allocated here, initialized by the next line, released by `deinit`.
        unsafe self.machine = .allocate(capacity: 1)
        unsafe self.machine.initialize(to: machine)
    }

    deinit {
        // SAFETY: initialized by `init`, and nobody else has the pointer.
        unsafe machine.deinitialize(count: 1)
        unsafe machine.deallocate()
    }

    var interruptHandle: InterruptHandle {
        // SAFETY: valid as long as `self`; so in all that follows, and mutating access to `self` is exclusive.
        unsafe machine.pointee.interruptHandle
    }

    var counters: MachineCounters {
        // SAFETY: as above.
        unsafe machine.pointee.counters
    }

    var guestClock: GuestClock {
        // SAFETY: as above.
        unsafe machine.pointee.guestClock
    }

    mutating func lendMemory(to body: (inout GuestMemory) -> Void) {
        // SAFETY: as above.
        unsafe body(&machine.pointee.memory)
    }

    mutating func run(
        deadline: HostInstant?, _ onExit: (borrowing VMExit, inout GuestMemory) -> ExitAction
    ) throws(HypervisorError) -> RunOutcome {
        if BackendTelemetry.isWatched { return try runWatched(deadline: deadline, onExit) }
        // SAFETY: as above.
        return try unsafe machine.pointee.run(deadline: deadline, onExit)
    }

    /// The same in a span.
    @inline(never)
    private mutating func runWatched(
        deadline: HostInstant?, _ onExit: (borrowing VMExit, inout GuestMemory) -> ExitAction
    ) throws(HypervisorError) -> RunOutcome {
        // SAFETY: as above.
        let running = unsafe machine.pointee.telemetry.running()
        let before = unsafe machine.pointee.exits
        do throws(HypervisorError) {
            let outcome = try unsafe machine.pointee.run(deadline: deadline, onExit)
            running.end(outcome, exits: unsafe machine.pointee.exits &- before)
            return outcome
        } catch {
            running.fail(error)
            throw error
        }
    }
}
