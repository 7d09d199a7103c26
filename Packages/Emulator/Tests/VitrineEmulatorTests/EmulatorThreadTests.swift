// SPDX-License-Identifier: MIT OR Apache-2.0

import Synchronization
import Testing
import VitrineEmulator
import VitrineHypervisor

extension EmulatorTests {
    @Suite("Stopping the emulator")
    struct EmulatorThreadTests {
        @Test("a spinning guest is cancelled from another thread, and goes on where it was")
        func cancel() throws {
            // 1: inc %rcx; jmp 2f; 2: inc %rdx; jmp 1b
            var guest = try TestGuest([0x48, 0xFF, 0xC1, 0xEB, 0x00, 0x48, 0xFF, 0xC2, 0xEB, 0xF6])
            let handle = guest.machine.interruptHandle
            for _ in 0..<20 {
                let other = HostThread {
                    HostThread.sleep(microseconds: 2000)
                    handle.cancel()
                }
                #expect(try guest.machine.run(deadline: nil) { _, _ in .stop } == .cancelled)
                other.join()
            }
            #expect(guest.machine.counters.erroneousKicks == 0)
        }

        @Test("a cancellation before the run ends it before the guest moves")
        func cancelBefore() throws {
            var guest = try TestGuest(TestGuest.ring(0xE0) + TestGuest.spin)
            guest.machine.interruptHandle.cancel()
            #expect(try guest.machine.run(deadline: nil) { _, _ in .stop } == .cancelled)
            #expect(try guest.next() == .portWrite(port: 0xE0))
            guest.machine.interruptHandle.cancel()
            guest.machine.interruptHandle.clear()
            let deadline = HostInstant.now.advanced(by: .milliseconds(5))
            #expect(try guest.machine.run(deadline: deadline) { _, _ in .stop } == .deadlineExceeded)
        }

        @Test("a spinning guest is stopped near its deadline")
        func deadline() throws {
            var guest = try TestGuest(TestGuest.spin)
            var shortest = Duration.seconds(1)
            // The machine may be busy with others, so only the best is held to a limit, and is given many tries.
            for round in 0..<1_000 where round < 50 || shortest >= .milliseconds(1) {
                let deadline = HostInstant.now.advanced(by: .milliseconds(1))
                #expect(try guest.machine.run(deadline: deadline) { _, _ in .stop } == .deadlineExceeded)
                shortest = min(shortest, deadline.duration(to: .now))
            }
            #expect(shortest >= .zero)
            #expect(shortest < .milliseconds(1))
        }

        @Test("a deadline stops a guest that rings without end")
        func deadlineBetweenRings() throws {
            var guest = try TestGuest(TestGuest.ring(0xE0) + [0xEB, 0xFA])
            var rings = 0
            // A busy machine may let the first deadlines pass without many rings.
            for milliseconds in [5, 50, 500, 5_000] where rings <= 100 {
                rings = 0
                let deadline = HostInstant.now.advanced(by: .milliseconds(milliseconds))
                let outcome = try guest.machine.run(deadline: deadline) { _, _ in
                    rings += 1
                    return .resume
                }
                #expect(outcome == .deadlineExceeded)
            }
            #expect(rings > 100)
        }

        @Test("a run inside another's handler is stopped on its own")
        func nestedRuns() throws {
            var outer = try TestGuest(TestGuest.ring(0xE0) + TestGuest.ring(0xE2) + TestGuest.spin)
            var inner = try TestGuest(TestGuest.spin)
            var outcome: RunOutcome?
            #expect(
                try outer.machine.run(deadline: .now.advanced(by: .seconds(300))) { exit, _ in
                    guard exit == .portWrite(port: 0xE0) else { return .stop }
                    let deadline = HostInstant.now.advanced(by: .milliseconds(2))
                    outcome = try? inner.machine.run(deadline: deadline) { _, _ in .stop }
                    return .resume
                } == .stopped)
            #expect(outcome == .deadlineExceeded)
        }

        @Test("64 machines on 8 threads, half of them cancelled: no other is disturbed")
        func manyMachines() {
            let wrong = Notes()
            var group = ThreadGroup()
            for thread in 0..<8 {
                group.start {
                    do {
                        for round in 0..<8 {
                            let isCancelled = (thread + round) % 2 == 0
                            // mov $2000000, %ecx; 1: dec %ecx; jnz 1b; ring; spin
                            var guest = try TestGuest(
                                [0xB9, 0x80, 0x84, 0x1E, 0x00, 0xFF, 0xC9, 0x75, 0xFC] + TestGuest.ring(0xE0)
                                    + TestGuest.spin)
                            let first = try guest.next()
                            if first != .portWrite(port: 0xE0) {
                                wrong.add("first: \(String(describing: first))")
                            }
                            guard isCancelled else { continue }
                            let handle = guest.machine.interruptHandle
                            let canceller = HostThread {
                                HostThread.sleep(microseconds: UInt32(100 * (thread + 1)))
                                handle.cancel()
                            }
                            let outcome = try guest.run { _ in .stop }
                            canceller.join()
                            if outcome != .cancelled { wrong.add("\(outcome)") }
                        }
                    } catch {
                        wrong.add("\(error)")
                    }
                }
            }
            group.join()
            #expect(wrong.all == [])
        }

        @Test("stopping thousands of times changes nothing that the guest computes")
        func stopsAreInvisible() throws {
            let sizes = MemorySizes(heap: 1 << 20)
            // The heap's address is the map's to choose, and the same for each such guest.
            var measured = try TestGuest([], sizes: sizes)
            let heap = measured.machine.withMemory { $0.map.region(.heap) }
            let rounds: UInt32 = 3000
            func word(_ value: UInt64) -> [UInt8] { (0..<8).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) } }
            // 1: mov $heap, %rdi; mov $end, %rsi
            var code = [0x48, 0xBF] + word(heap.address.rawValue) + [0x48, 0xBE] + word(heap.end.rawValue)
            // 2: inc %rcx; incq (%rdi); inc %rdx; add $4096, %rdi; cmp %rsi, %rdi; jb 2b
            code += [0x48, 0xFF, 0xC1, 0x48, 0xFF, 0x07, 0x48, 0xFF, 0xC2, 0x48, 0x81, 0xC7, 0x00, 0x10, 0x00, 0x00]
            code += [0x48, 0x39, 0xF7, 0x72, 0xEB]
            // inc %r8; cmp $rounds, %r8; jb 1b; mov %rcx, -16(%rsp); mov %rdx, -24(%rsp); ring
            code += [0x49, 0xFF, 0xC0, 0x49, 0x81, 0xF8] + word(UInt64(rounds)).prefix(4) + [0x72, 0xCB]
            code += [0x48, 0x89, 0x4C, 0x24, 0xF0, 0x48, 0x89, 0x54, 0x24, 0xE8] + TestGuest.ring(0xE0)
            var guest = try TestGuest(code, sizes: sizes)
            var stops = 0
            while true {
                let deadline = HostInstant.now.advanced(by: .microseconds(20 + stops % 50))
                var rang = false
                _ = try guest.machine.run(deadline: deadline) { exit, _ in
                    rang = exit == .portWrite(port: 0xE0)
                    return rang ? .stop : .resume
                }
                if rang { break }
                stops += 1
                try #require(stops < 1_000_000)
            }
            let expected = UInt64(rounds) * UInt64(heap.byteCount / 4096)
            let stack = guest.machine.withMemory { $0.map.region(.stack).end.rawValue }
            #expect(stops > 100)
            #expect(try guest.word(at: GuestAddress(stack - 24)) == expected)
            #expect(try guest.word(at: GuestAddress(stack - 32)) == expected)
            for page in stride(from: heap.address.rawValue, to: heap.end.rawValue, by: 4096) {
                try #require(try guest.word(at: GuestAddress(page)) == UInt64(rounds))
            }
        }

        @Test("a machine moves from thread to thread between runs")
        func movesBetweenThreads() throws {
            let guest = try Shared(TestGuest(TestGuest.ring(0xE0) + [0xEB, 0xFA]))
            let rings = Notes()
            for _ in 0..<16 {
                let thread = HostThread {
                    guest.value.withLock { guest in
                        if (try? guest.next()) == .portWrite(port: 0xE0) { rings.add("ring") }
                    }
                }
                thread.join()
            }
            #expect(rings.all.count == 16)
        }
    }
}
