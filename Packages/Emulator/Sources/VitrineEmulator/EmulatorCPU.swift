// SPDX-License-Identifier: MIT OR Apache-2.0

internal import CVitrineUnicorn
@_spi(Backend) internal import VitrineHypervisor

/// What the CPU came back with.
enum EmulatorEvent {
    /// The kick byte is set.
    case kicked
    /// One byte went to an open port.
    case portWrite(UInt16)
    /// It cannot go on.
    case final(VMExit)
}

/// Owns a Unicorn CPU together with the memory it runs on.
@safe struct EmulatorCPU: ~Copyable, @unchecked Sendable {
    // Sendable: used by one thread at a time, which Unicorn allows to change between runs.

    var memory: GuestMemory
    private let machine: OpaquePointer
    private let kickByte: UnsafeMutablePointer<UInt8>

    init(memory: consuming GuestMemory, start: Registers) throws(HypervisorError) {
        let template = try EmulatorTemplate.shared.get()
        var machine: OpaquePointer?
        // SAFETY: the memory is page-aligned, as long as its map says, and dropped after the machine by `deinit`.
        let status = unsafe vitrine_emulator_create(
            template.pointer, memory.baseAddress.assumingMemoryBound(to: UInt8.self), UInt64(memory.map.byteCount),
            start.rip, start.rsp, start.rdi, &machine)
        guard status == 0, let machine = unsafe machine else {
            throw EmulatorTemplate.error(status, call: "vitrine_emulator_create")
        }
        self.memory = memory
        unsafe self.machine = machine
        unsafe kickByte = vitrine_emulator_kick_byte(machine)
    }

    deinit {
        // SAFETY: the one owner; nothing runs. The memory is a stored property, which goes after this body.
        unsafe vitrine_emulator_destroy(machine)
    }

    /// Tells the handle which byte stops this CPU.
    func beginRun(_ handle: InterruptHandle, deadline: HostInstant?) throws(HypervisorError) -> RunOutcome? {
        // SAFETY: the byte is the machine's and outlives the run, which borrows the machine.
        try unsafe handle.beginRun(kickByte: kickByte, deadline: deadline)
    }

    /// Allows the CPU to go on.
    mutating func resetKick() {
        // SAFETY: a byte of the machine; besides only a signal handler of this thread writes it.
        unsafe kickByte.pointee = 0
    }

    /// Runs to the next event.
    mutating func next() -> EmulatorEvent {
        var event = vitrine_emulator_event()
        // SAFETY: the machine is alive; the call fills the event and keeps nothing.
        unsafe vitrine_emulator_next(machine, &event)
        switch event.kind {
        case VITRINE_EMULATOR_PORT_WRITE: return .portWrite(UInt16(truncatingIfNeeded: event.port))
        case VITRINE_EMULATOR_KICKED: return .kicked
        default: return .final(FinalEvent.decode(event, memory))
        }
    }
}
