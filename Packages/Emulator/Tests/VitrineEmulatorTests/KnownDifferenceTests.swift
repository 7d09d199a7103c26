// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing
import VitrineEmulator
import VitrineHypervisor

extension EmulatorTests {
    /// Each test shows that a difference is still there: one that fails has gone, and its line in the table goes too.
    @Suite("Known differences")
    struct KnownDifferenceTests {
        private static let code = TestGuest.code.rawValue
        /// `pushfq; orq $1 << 18, (%rsp); popfq`: RFLAGS.AC
        private static let checkAlignment: [UInt8] = [0x9C, 0x48, 0x81, 0x0C, 0x24, 0, 0, 4, 0, 0x9D]

        /// What the emulator does for each, by name: the vector, error code and offset of an exception, or nil for
        /// none.
        private struct Experiment {
            let code: [UInt8]
            let exception: (vector: UInt8, errorCode: UInt64, address: UInt64)?
        }

        private static let experiments: [String: Experiment] = [
            // vaddps %ymm1, %ymm0, %ymm0
            "AVX": Experiment(code: [0xC5, 0xFC, 0x58, 0xC1], exception: (6, 0, code)),
            // mov -15(%rsp), %eax
            "alignment check": Experiment(code: checkAlignment + [0x8B, 0x44, 0x24, 0xF1], exception: nil),
            // movaps -15(%rsp), %xmm0
            "aligned SSE access": Experiment(code: [0x0F, 0x28, 0x44, 0x24, 0xF1], exception: nil),
            "icebp": Experiment(code: [0xF1], exception: (6, 0, code)),
            // push $0; ldmxcsr (%rsp); pop %rax; xorps %xmm0, %xmm0; divss %xmm0, %xmm0
            "SIMD exceptions": Experiment(
                code: [0x6A, 0, 0x0F, 0xAE, 0x14, 0x24, 0x58, 0x0F, 0x57, 0xC0, 0xF3, 0x0F, 0x5E, 0xC0],
                exception: nil),
            // movabs $1 << 63, %rax; jmp *%rax
            "non-canonical jump": Experiment(
                code: [0x48, 0xB8, 0, 0, 0, 0, 0, 0, 0, 0x80, 0xFF, 0xE0], exception: (13, 0, 1 << 63)),
            // movabs $1 << 63, %rsp; push %rax
            "non-canonical stack": Experiment(
                code: [0x48, 0xBC, 0, 0, 0, 0, 0, 0, 0, 0x80, 0x50], exception: (13, 0, code + 10)),
            // addl $1, 0x1000
            "read-modify-write fault": Experiment(
                code: [0x83, 0x04, 0x25, 0, 0x10, 0, 0, 1], exception: (14, 4, code)),
            // a redundant REX; int $0x80
            "prefixed int": Experiment(code: [0x40, 0xCD, 0x80], exception: (13, 0x402, code + 1)),
        ]

        @Test("is as the table says", arguments: EmulatorHypervisor.knownDifferences)
        func isThere(difference: KnownDifference) throws {
            guard let experiment = Self.experiments[difference.name] else {
                let elsewhere = ["code behind a ring", "lock where it is undefined", "idiv overflow"]
                #expect(elsewhere.contains(difference.name), "a difference without an experiment")
                return
            }
            var guest = try TestGuest(experiment.code + TestGuest.ring(0xE0) + TestGuest.spin)
            let exit = try guest.next()
            guard let expected = experiment.exception else {
                #expect(exit == .portWrite(port: 0xE0))
                return
            }
            guard case .exception(let exception)? = exit else {
                Issue.record("no exception: \(String(describing: exit))")
                return
            }
            #expect(exception.vector == expected.vector)
            #expect(exception.errorCode == expected.errorCode)
            #expect(exception.instructionPointer.rawValue == expected.address)
        }

        @Test("code behind a ring without a jump runs before the exit, and with a jump after it")
        func codeBehindRing() throws {
            let store: [UInt8] = [0xC7, 0x44, 0x24, 0xF0, 7, 0, 0, 0]  // movl $7, -16(%rsp)
            for (ring, early) in [([0xE6, 0xE0] as [UInt8], UInt64(7)), (TestGuest.ring(0xE0), 0)] {
                var guest = try TestGuest(ring + store + TestGuest.ring(0xE2))
                let stack = guest.machine.withMemory { $0.map.region(.stack).end.rawValue }
                #expect(try guest.next() == .portWrite(port: 0xE0))
                #expect(try guest.word(at: GuestAddress(stack - 24)) == early)
                #expect(try guest.next() == .portWrite(port: 0xE2))
                #expect(try guest.word(at: GuestAddress(stack - 24)) == 7)
            }
        }

        @Test(
            "code that Unicorn fails at ends the machine and nothing else",
            arguments: [
                [0xF0, 0x38, 0x07], [0xF0, 0x39, 0x07], [0xF0, 0x80, 0x3F, 0x01], [0xF0, 0x83, 0x3F, 0x01],
                [0xF0, 0xA6],
                [0xF0, 0xA7],
                [0xBA, 0, 0, 0, 0x80, 0x31, 0xC0, 0xB9, 0xFF, 0xFF, 0xFF, 0xFF, 0xF7, 0xF9], [0xF0, 0x0F, 0xA3, 0xC1],
                [0xF0, 0x48, 0x0F, 0xAB, 0xC1],
            ] as [[UInt8]])
        func failures(code: [UInt8]) throws {
            for _ in 0..<10 {
                var guest = try TestGuest(TestGuest.ring(0xE0) + code + TestGuest.ring(0xE2))
                #expect(try guest.next() == .portWrite(port: 0xE0))
                guard case .unexpected(.internalError)? = try guest.next() else {
                    Issue.record("no internal error")
                    return
                }
                #expect(throws: HypervisorError.machineDead) { try guest.next() }
            }
            var other = try TestGuest(TestGuest.ring(0xE4))
            #expect(try other.next() == .portWrite(port: 0xE4))
        }

        @Test("what the suite relaxes is what the table says")
        func declared() {
            #expect(
                EmulatorHypervisor().differences
                    == [.noAVX, .noAlignmentCheck, .noICEBreakpoint, .noFloatingPointExceptions])
            let names = EmulatorHypervisor.knownDifferences.map(\.name)
            #expect(Set(names).count == names.count)
        }

        @Test("CPUID does not show AVX, but shows what runs")
        func identification() throws {
            // mov $1, %eax; cpuid; mov %ecx, -16(%rsp); mov %edx, -12(%rsp); ring
            let code: [UInt8] =
                [0xB8, 1, 0, 0, 0, 0x0F, 0xA2, 0x89, 0x4C, 0x24, 0xF0, 0x89, 0x54, 0x24, 0xF4] + TestGuest.ring(0xE0)
            var guest = try TestGuest(code)
            #expect(try guest.next() == .portWrite(port: 0xE0))
            let stack = guest.machine.withMemory { $0.map.region(.stack).end.rawValue }
            let features = try guest.word(at: GuestAddress(stack - 24))
            #expect(features >> 28 & 1 == 0, "AVX")
            #expect(features >> 27 & 1 == 0, "OSXSAVE")
            #expect(features >> (32 + 26) & 1 == 1, "SSE2")
        }

        @Test("the README lists the same table")
        func readme() throws {
            let text = TestFile.text("README.md")
            for difference in EmulatorHypervisor.knownDifferences {
                let row = "| \(difference.name) | \(difference.onCPU) | \(difference.onEmulator) |"
                #expect(text.contains(row), "the README lacks: \(row)")
            }
        }
    }
}
