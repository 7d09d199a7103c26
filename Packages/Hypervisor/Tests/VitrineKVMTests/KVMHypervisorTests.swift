// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
import Synchronization
import Testing
import VitrineHypervisor
import VitrineKVM

extension KVMTests {
    @Suite("Machines") struct Machines {}
}

extension KVMTests.Machines {
    static let code = GuestAddress(0x20_0000)

    static func machine(_ code: [UInt8]) throws -> any VirtualMachine & ~Copyable {
        let segment = ImageSegment(address: Self.code, byteCount: 4096, permissions: [.read, .execute])
        var memory = try GuestMemory(MemoryMap(segments: [segment]))
        for (index, byte) in code.enumerated() {
            try memory.store(byte, at: GuestAddress(Self.code.rawValue + UInt64(index)))
        }
        return try KVMHypervisor().makeMachine(memory: memory, entry: Self.code)
    }

    /// 1: out %al, $0xE0; jmp 1b
    static let ringing: [UInt8] = [0xE6, 0xE0, 0xEB, 0xFC]
    /// 1: jmp 1b
    static let spinning: [UInt8] = [0xEB, 0xFE]

    @Test("gives descriptors and memory back when machines are dropped")
    func teardown() throws {
        func use() throws {
            var machine = try Self.machine(Self.ringing)
            #expect(try machine.run(deadline: nil) { _, _ in .stop } == .stopped)
        }
        try use()
        KVMHypervisor.drainTeardown()
        let descriptors = ProcessUsage.descriptorCount
        let byteCount = ProcessUsage.addressSpaceByteCount
        for _ in 0..<200 { try use() }
        KVMHypervisor.drainTeardown()
        #expect(ProcessUsage.descriptorCount(comesDownTo: descriptors))
        // The 200 machines had more than a gigabyte.
        #expect(ProcessUsage.addressSpaceByteCount - byteCount < 200 << 20)
        #expect(byteCount > 0)
    }

    @Test("releases what a refused machine had")
    func refusal() throws {
        KVMHypervisor.drainTeardown()
        let descriptors = ProcessUsage.descriptorCount
        for _ in 0..<20 {
            let segment = ImageSegment(address: Self.code, byteCount: 4096, permissions: .read)
            let memory = try GuestMemory(MemoryMap(segments: [segment]))
            var refusal: HypervisorError?
            do throws(HypervisorError) {
                _ = try KVMHypervisor().makeMachine(memory: memory, entry: Self.code)
            } catch { refusal = error }
            #expect(refusal == .invalidEntry(Self.code))
        }
        #expect(ProcessUsage.descriptorCount(comesDownTo: descriptors))
    }

    @Test("moves between threads from run to run")
    func threads() async throws {
        let box = MachineBox(try Self.machine(Self.ringing))
        for _ in 0..<20 {
            let outcome = try await Task.detached { try box.run(deadline: .now.advanced(by: .seconds(300))) }.value
            #expect(outcome == .stopped)
        }
    }

    @Test("many machines on many threads are cancelled at random, and nobody else is disturbed")
    func randomCancellation() async throws {
        let rounds = 250
        try await withThrowingTaskGroup(of: Int.self) { group in
            for index in 0..<4 {
                group.addTask {
                    // Two machines used by turns on one thread; only the first is ever cancelled.
                    let cancelled = MachineBox(try Self.machine(Self.spinning))
                    let undisturbed = MachineBox(try Self.machine(Self.ringing))
                    var generator = SystemRandomNumberGenerator()
                    var seen = 0
                    for _ in 0..<rounds {
                        let handle = cancelled.handle
                        let delay = UInt32.random(in: 0..<150, using: &generator)
                        let thread = CancellingThread(handle, microseconds: delay)
                        if try cancelled.run(deadline: nil) == .cancelled { seen += 1 }
                        if try undisturbed.run(deadline: nil) != .stopped { return -index - 1 }
                        thread.join()
                    }
                    return seen
                }
            }
            for try await seen in group { #expect(seen == rounds) }
        }
    }

    @Test("a signal of the program's does not stop a guest")
    func otherSignals() throws {
        var action = sigaction()
        // SAFETY: calls of the C library on local values; the handler does nothing.
        unsafe action.__sigaction_handler.sa_handler = { _ in }
        unsafe sigaction(SIGUSR2, &action, nil)
        var mask = sigset_t()
        unsafe sigemptyset(&mask)
        unsafe sigaddset(&mask, SIGUSR2)
        unsafe pthread_sigmask(SIG_UNBLOCK, &mask, nil)
        var machine = try Self.machine(Self.ringing)
        var exits = 0
        let outcome = try machine.run(deadline: nil) { _, _ in
            exits += 1
            pthread_kill(pthread_self(), SIGUSR2)
            return exits < 50 ? .resume : .stop
        }
        #expect(outcome == .stopped)
        #expect(exits == 50)
        #expect(machine.counters.erroneousKicks == 0)
    }
}

/// A machine that several threads use by turns.
final class MachineBox: Sendable {
    private let machine: Mutex<MachineSlot>
    let handle: InterruptHandle

    init(_ machine: consuming any VirtualMachine & ~Copyable) {
        handle = machine.interruptHandle
        self.machine = Mutex(MachineSlot(machine: machine))
    }

    func run(deadline: HostInstant?) throws -> RunOutcome {
        try machine.withLock { slot in try slot.machine.run(deadline: deadline) { _, _ in .stop } }
    }
}

struct MachineSlot: ~Copyable, Sendable { var machine: any VirtualMachine & ~Copyable }

/// Cancels after a while.
struct CancellingThread {
    private let thread: pthread_t

    private final class Work: Sendable {
        let handle: InterruptHandle
        let microseconds: UInt32
        init(_ handle: InterruptHandle, _ microseconds: UInt32) {
            self.handle = handle
            self.microseconds = microseconds
        }
    }

    init(_ handle: InterruptHandle, microseconds: UInt32) {
        var thread = pthread_t()
        // SAFETY: the thread takes the one retain over.
        let work = unsafe Unmanaged.passRetained(Work(handle, microseconds))
        let result = unsafe pthread_create(
            &thread, nil,
            { work in
                if let work = unsafe work {
                    let work = unsafe Unmanaged<Work>.fromOpaque(work).takeRetainedValue()
                    usleep(work.microseconds)
                    work.handle.cancel()
                }
                return nil
            }, work.toOpaque())
        precondition(result == 0, "a thread for the test")
        self.thread = thread
    }

    func join() { pthread_join(thread, nil) }
}
