// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing
import VitrineHypervisor
import VitrineWire

@testable import Vitrine

@Suite("Error texts")
struct ErrorTextTests {
    @Test("Text is cut at a character's border, with an ellipsis")
    func bounded() {
        #expect(GuestText.bounded("short") == "short")
        for count in 2_040...2_060 {
            let cut = GuestText.bounded(String(repeating: "é", count: count))
            #expect(cut.utf8.count <= 4_096)
            #expect(cut.hasSuffix("…") == (count > 2_048))
        }
        #expect(GuestText.bounded("👩‍👩‍👧‍👦👩‍👩‍👧‍👦", maximumByteCount: 30).utf8.count <= 30)
    }

    @Test("What could move a cursor or reorder text is escaped, other languages are not")
    func escaped() {
        #expect(GuestText.escaped("größe 日本 👍") == "größe 日本 👍")
        #expect(GuestText.escaped("\u{1B}[31m\r\n\t\u{0}") == "\\u{1b}[31m\\r\\n\\t\\u{0}")
        #expect(GuestText.escaped("a\u{202E}b\u{2028}c\u{9B}d\u{7F}") == "a\\u{202e}b\\u{2028}c\\u{9b}d\\u{7f}")
    }

    @Test("Every reason why there is no hypervisor says what to do")
    func noHypervisor() {
        let texts: [(UnavailableReason, String)] = [
            (.deviceMissing, "modprobe"), (.noPermission, "usermod"), (.noUsableCPUMode, "emulator"),
            (.missingCapability("KVM_CAP_X"), "KVM_CAP_X"), (.notLinked, "import VitrineEmulator"),
        ]
        for (reason, text) in texts {
            #expect(BackendSelection.explain(.unavailable(reason)).contains(text))
        }
        #expect(BackendSelection.explain(.systemCall(name: "KVM_RUN", errno: 12)).contains("errno 12"))
    }

    @Test("VITRINE_BACKEND decides where the builder does not, and a bad value is named")
    func environment() throws {
        let error = expectFailure(.invalidConfiguration) {
            _ = try BackendSelection.hypervisor(for: .automatic, environment: "xen")
        }
        #expect(error?.description.contains("VITRINE_BACKEND") == true)
        #expect(error?.description.contains("xen") == true)
        #expect(try BackendSelection.hypervisor(for: .automatic, environment: "emulator").name == "emulator")
        #expect(try BackendSelection.hypervisor(for: .emulator, environment: "xen").name == "emulator")
    }

    @Test("A deadline is told in the unit that people say")
    func deadlines() {
        func text(_ duration: Duration) -> String {
            SandboxError.deadlineExceeded(duration, whileRunning: true).message
        }
        #expect(text(.milliseconds(5)).hasSuffix("deadline of 5 ms"))
        #expect(text(.microseconds(1_500)).hasSuffix("deadline of 1500 µs"))
        #expect(text(.seconds(2)).hasSuffix("deadline of 2.0 seconds"))
        #expect(text(.milliseconds(-5)).hasSuffix("deadline of -0.005 seconds"))
        #expect(SandboxError.deadlineExceeded(nil, whileRunning: true).message.hasSuffix("deadline"))
    }

    @Test("An exception's description names the access")
    func exception() {
        func describe(_ code: UInt64) -> String {
            CPUException(
                vector: 14, name: "#PF page fault", errorCode: code, address: 0x1000, instructionPointer: 0x20_0010,
                stackPointer: 0
            ).description
        }
        #expect(describe(4) == "#PF page fault reading 0x1000, instruction at 0x200010")
        #expect(describe(6).contains("writing 0x1000"))
        #expect(describe(0x15).contains("executing 0x1000"))
    }
}
