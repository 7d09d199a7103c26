// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
import Synchronization
import Testing
import VitrineEmulator
import VitrineHypervisor

extension EmulatorTests {
    @Suite("Resources of the emulator")
    struct EmulatorResourceTests {
        @Test("machines that are dropped leave no memory, mapping or descriptor behind")
        func nothingIsLeftBehind() throws {
            // The first ones fill what allocators keep.
            for _ in 0..<50 { try liveAndDie() }
            let before = Usage.now
            for _ in 0..<300 { try liveAndDie() }
            let after = Usage.now
            #expect(after.descriptorCount == before.descriptorCount)
            #expect(after.residentKiB < before.residentKiB + 4096)
            #expect(after.virtualKiB < before.virtualKiB + (256 << 10))
        }

        @Test("machines that Unicorn failed at leave little behind")
        func failedMachines() throws {
            func fail() throws {
                var guest = try TestGuest([0xF0, 0x39, 0x07])  // lock cmp %eax, (%rdi)
                guard case .unexpected? = try guest.next() else { throw HypervisorError.machineDead }
            }
            for _ in 0..<50 { try fail() }
            let before = Usage.now
            for _ in 0..<300 { try fail() }
            let after = Usage.now
            #expect(after.residentKiB < before.residentKiB + 4096)
            #expect(after.virtualKiB < before.virtualKiB + (256 << 10))
            #expect(after.descriptorCount == before.descriptorCount)
        }

        @Test("64 machines live at once, each with its own state")
        func manyAtOnce() throws {
            var guests: [Shared<TestGuest>] = []
            for number in UInt8(0)..<64 {
                // mov $number, %eax; 1: mov %rax, -16(%rsp); ring; inc %eax; jmp 1b
                let code: [UInt8] =
                    [0xB8, number, 0, 0, 0, 0x48, 0x89, 0x44, 0x24, 0xF0] + TestGuest.ring(0xE0) + [
                        0xFF, 0xC0, 0xEB, 0xF3,
                    ]
                guests.append(try Shared(TestGuest(code)))
            }
            for round in UInt64(0)..<3 {
                for (number, guest) in guests.enumerated() {
                    let (exit, word) = try guest.value.withLock { guest throws in
                        let exit = try guest.next()
                        let stack = guest.machine.withMemory { $0.map.region(.stack).end.rawValue }
                        return (exit, try guest.word(at: GuestAddress(stack - 24)))
                    }
                    #expect(exit == .portWrite(port: 0xE0))
                    #expect(word == UInt64(number) + round)
                }
            }
        }

        @Test("a machine that cannot be made leaves nothing behind")
        func refusedMachines() throws {
            let before = Usage.now
            for _ in 0..<100 {
                let map = try MemoryMap(
                    segments: [ImageSegment(address: TestGuest.code, byteCount: 4096, permissions: .read)],
                    sizes: TestGuest.small)
                #expect(throws: HypervisorError.invalidEntry(TestGuest.code)) {
                    _ = try EmulatorHypervisor().makeMachine(memory: GuestMemory(map), entry: TestGuest.code)
                }
            }
            #expect(Usage.now.virtualKiB < before.virtualKiB + (64 << 10))
        }

        private func liveAndDie() throws {
            var guest = try TestGuest(TestGuest.ring(0xE0) + [0x0F, 0x0B])
            #expect(try guest.next() == .portWrite(port: 0xE0))
            #expect(try guest.exception()?.vector == 6)
        }
    }
}

/// What the process uses.
struct Usage {
    let residentKiB: Int
    let virtualKiB: Int
    let descriptorCount: Int

    static var now: Usage {
        let pages = String(decoding: TestFile.bytes("/proc/self/statm") ?? [], as: UTF8.self).split(separator: " ")
            .compactMap { Int($0) }
        var count = 0
        // SAFETY: the stream is closed where it was opened; no entry is kept.
        if let folder = unsafe opendir("/proc/self/fd") {
            while unsafe readdir(folder) != nil { count += 1 }
            unsafe closedir(folder)
        }
        return Usage(residentKiB: pages[1] * 4, virtualKiB: pages[0] * 4, descriptorCount: count)
    }
}
