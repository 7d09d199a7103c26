// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing
@_spi(Backend) import VitrineHypervisor

/// A machine that executes nothing: it tells one exit, or ends as it is told.
private struct PretendedMachine: VirtualMachine, ~Copyable {
    let interruptHandle = InterruptHandle()
    var memory: GuestMemory
    let exit: VMExit?
    let outcome: RunOutcome
    var counters: MachineCounters { MachineCounters(erroneousKicks: 0, refusedRuns: 0, exits: 0) }
    var guestClock: GuestClock { GuestClock(anchorTicks: 0, anchorNanoseconds: 0, ticksPerSecond: 1) }

    mutating func lendMemory(to body: (inout GuestMemory) -> Void) { body(&memory) }

    mutating func run(
        deadline: HostInstant?, _ onExit: (borrowing VMExit, inout GuestMemory) -> ExitAction
    ) throws(HypervisorError) -> RunOutcome {
        if let exit { _ = onExit(exit, &memory) }
        return outcome
    }
}

@Suite("ProbeGuest")
struct ProbeGuestTests {
    private func answer(_ exit: VMExit?, _ outcome: RunOutcome = .stopped) -> HypervisorError? {
        do throws(HypervisorError) {
            try ProbeGuest.run { (memory, _) throws(HypervisorError) in
                PretendedMachine(memory: memory, exit: exit, outcome: outcome)
            }
            return nil
        } catch {
            return error
        }
    }

    @Test("tells a CPU mode in which ordinary code does not run")
    func noUsableCPUMode() {
        // What a KVM says that emulates guest code without vector instructions: KVM_INTERNAL_ERROR_EMULATION.
        #expect(answer(.unexpected(.internalError(1))) == .unavailable(.noUsableCPUMode))
        #expect(answer(.shutdown) == .unavailable(.noUsableCPUMode))
        #expect(answer(nil, .deadlineExceeded) == .unavailable(.noUsableCPUMode))
    }

    @Test("does not take a ring for a sum: the guest has to have computed it")
    func ringWithoutSum() {
        #expect(answer(.portWrite(port: 0xE0)) == .unavailable(.noUsableCPUMode))
    }

    @Test("hands on what the backend itself says")
    func refusal() {
        var seen: HypervisorError?
        do throws(HypervisorError) {
            try ProbeGuest.run { (_, _) throws(HypervisorError) -> any VirtualMachine & ~Copyable in
                throw .unavailable(.noPermission)
            }
        } catch { seen = error }
        #expect(seen == .unavailable(.noPermission))
    }
}
