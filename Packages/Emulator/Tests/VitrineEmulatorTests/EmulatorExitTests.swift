// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing
import VitrineEmulator
import VitrineHypervisor

extension EmulatorTests {
    @Suite("Exits of the emulator")
    struct EmulatorExitTests {
        @Test("each ring is reported once, in order, whether the run stops or resumes")
        func ringsOnce() throws {
            var guest = try TestGuest([0xE0, 0xE2, 0xE4, 0xE6].flatMap(TestGuest.ring) + [0x0F, 0x0B])
            var seen: [VMExit] = []
            #expect(
                try guest.run { exit in
                    seen.append(exit)
                    return seen.count == 2 ? .stop : .resume
                } == .stopped)
            #expect(seen == [.portWrite(port: 0xE0), .portWrite(port: 0xE2)])
            #expect(try guest.next() == .portWrite(port: 0xE4))
            #expect(try guest.next() == .portWrite(port: 0xE6))
            #expect(try guest.exception()?.vector == 6)
            #expect(throws: HypervisorError.machineDead) { try guest.next() }
        }

        @Test("rings that no jump follows are still reported one at a time")
        func ringsWithoutJump() throws {
            // out; inc ecx; out; out; then ud2
            var guest = try TestGuest([0xE6, 0xE0, 0xFF, 0xC1, 0xE6, 0xE2, 0xE6, 0xE6, 0x0F, 0x0B])
            #expect(try guest.next() == .portWrite(port: 0xE0))
            #expect(try guest.next() == .portWrite(port: 0xE2))
            #expect(try guest.next() == .portWrite(port: 0xE6))
            let exception = try guest.exception()
            #expect(exception?.vector == 6)
            #expect(exception?.instructionPointer == GuestAddress(TestGuest.code.rawValue + 8))
            #expect(exception?.registers.rcx == 1)
        }

        @Test("hundreds of rings in one block are reported once each")
        func crowdedBlock() throws {
            let count = 2000
            var guest = try TestGuest(
                [UInt8](repeating: 0, count: count * 2).enumerated().map { $0.offset % 2 == 0 ? 0xE6 : 0xE0 }
                    + [0x0F, 0x0B])
            for _ in 0..<count { try #require(try guest.next() == .portWrite(port: 0xE0)) }
            #expect(
                try guest.exception()?.instructionPointer == GuestAddress(TestGuest.code.rawValue + UInt64(count * 2)))
        }

        @Test("memory accesses between rings without jumps are done once")
        func accessesBetweenRings() throws {
            // 1: out; incq -16(%rsp); out; push %rax; pop %rax; incq -16(%rsp); out; jmp 1b
            let code: [UInt8] = [
                0xE6, 0xE0, 0x48, 0xFF, 0x44, 0x24, 0xF0, 0xE6, 0xE2, 0x50, 0x58, 0x48, 0xFF, 0x44, 0x24, 0xF0, 0xE6,
                0xE4, 0xEB, 0xEC,
            ]
            var guest = try TestGuest(code)
            let stack = guest.machine.withMemory { $0.map.region(.stack).end.rawValue }
            for round in UInt64(1)...50 {
                #expect(try guest.next() == .portWrite(port: 0xE0))
                #expect(try guest.next() == .portWrite(port: 0xE2))
                #expect(try guest.next() == .portWrite(port: 0xE4))
                #expect(try guest.word(at: GuestAddress(stack - 24)) == 2 * round)
            }
        }

        @Test("a fault behind a ring in the same block waits for the next run")
        func faultBehindRing() throws {
            var guest = try TestGuest([0xE6, 0xE0, 0x31, 0xC9, 0x8B, 0x01])  // out; xor %ecx, %ecx; mov (%rcx), %eax
            #expect(try guest.next() == .portWrite(port: 0xE0))
            let exception = try guest.exception()
            #expect(exception?.vector == 14)
            #expect(exception?.errorCode == 4)
            #expect(exception?.faultAddress == GuestAddress(0))
            #expect(exception?.instructionPointer == GuestAddress(TestGuest.code.rawValue + 4))
        }

        @Test(
            "a refused port is #GP at its instruction wherever it lies in a block",
            arguments: [
                ([0x90, 0x48, 0x8B, 0x04, 0x24, 0xE6, 0x80], 5),  // nop; mov (%rsp), %rax; out
                ([0x48, 0xB8, 0xE6, 0xE6, 0xE6, 0xE6, 0xE6, 0xE6, 0xE6, 0xE6, 0xE6, 0xE1], 10),  // movabs full of 0xE6
                ([0x66, 0x0F, 0x3A, 0x0F, 0xC1, 0xE6, 0x66, 0xE7, 0xE0], 6),  // palignr $0xE6; out %ax
                ([0xEB, 0x00, 0xC7, 0x44, 0x24, 0xF8, 0xE6, 0xE6, 0xE6, 0xE6, 0xE4, 0x60], 10),  // jmp; movl; in
                ([0xF6, 0xC1, 0xE6, 0xF7, 0xD8, 0xE5, 0xE0], 5),  // test $0xE6, %cl; neg %eax; in
                ([0xE6, 0xE0, 0xE6, 0xE2, 0x90, 0xE6, 0xE1], 5),  // two open ports first
            ] as [([UInt8], UInt64)])
        func refusedPort(code: [UInt8], offset: UInt64) throws {
            var guest = try TestGuest(code + [0x0F, 0x0B])
            var exit = try guest.next()
            while case .portWrite? = exit { exit = try guest.next() }
            guard case .exception(let exception)? = exit else {
                Issue.record("no exception: \(String(describing: exit))")
                return
            }
            #expect(exception.vector == 13)
            #expect(exception.errorCode == 0)
            #expect(exception.faultAddress == nil)
            #expect(exception.instructionPointer == GuestAddress(TestGuest.code.rawValue + offset))
        }

        @Test("an interrupt instruction is #GP with its gate at its address, but int3 is #BP")
        func softwareInterrupts() throws {
            for vector: UInt8 in [0, 1, 2, 4, 6, 8, 13, 14, 0x20, 0x80, 0xFF] {
                var guest = try TestGuest([0x90, 0xCD, vector])
                let exception = try guest.exception()
                #expect(exception?.vector == 13, "int \(vector)")
                #expect(exception?.errorCode == UInt64(vector) << 3 | 2)
                #expect(exception?.instructionPointer == GuestAddress(TestGuest.code.rawValue + 1))
            }
            var guest = try TestGuest([0x90, 0xCD, 0x03])
            #expect(try guest.exception()?.vector == 3)
        }

        @Test("memory of gigabytes costs only what is touched")
        func largeMemory() throws {
            let sizes = MemorySizes(heap: 4 << 30)
            // mov $last word of the heap, %rdi; mov %rdi, (%rdi); ring
            var guest = try TestGuest([], sizes: sizes)
            let heap = guest.machine.withMemory { $0.map.region(.heap) }
            let last = heap.end.rawValue - 8
            let code: [UInt8] =
                [0x48, 0xBF] + (0..<8).map { UInt8(truncatingIfNeeded: last >> ($0 * 8)) } + [0x48, 0x89, 0x3F]
                + TestGuest.ring(0xE0)
            guest = try TestGuest(code, sizes: sizes)
            #expect(try guest.next() == .portWrite(port: 0xE0))
            #expect(try guest.word(at: GuestAddress(last)) == last)
        }

        @Test("the guest's time stamp counter is the host's")
        func clock() throws {
            // rdtsc; shl $32, %rdx; or %rdx, %rax; mov %rax, -16(%rsp); ring; jmp to the beginning
            let code: [UInt8] =
                [0x0F, 0x31, 0x48, 0xC1, 0xE2, 0x20, 0x48, 0x09, 0xD0, 0x48, 0x89, 0x44, 0x24, 0xF0]
                + TestGuest.ring(0xE0) + [0xEB, 0xEC]
            var guest = try TestGuest(code)
            let address = guest.machine.withMemory { GuestAddress($0.map.region(.stack).end.rawValue - 24) }
            for _ in 0..<100 {
                let before = HostInstant.now.nanoseconds
                #expect(try guest.next() == .portWrite(port: 0xE0))
                let after = HostInstant.now.nanoseconds
                let time = guest.machine.guestClock.nanoseconds(ofTicks: try guest.word(at: address))
                #expect(time + 1000 >= before)
                #expect(time <= after + 1000)
            }
        }
    }
}
