// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing
import VitrineHypervisor
import VitrineHypervisorConformance

@testable import VitrineKVM

@Suite("KVM's availability")
struct KVMSystemTests {
    @Test("tells a missing device from a forbidden one and from other errors")
    func openErrors() {
        #expect(KVMSystem.openError(2) == .unavailable(.deviceMissing))  // ENOENT
        #expect(KVMSystem.openError(19) == .unavailable(.deviceMissing))  // ENODEV
        #expect(KVMSystem.openError(13) == .unavailable(.noPermission))  // EACCES
        #expect(KVMSystem.openError(1) == .unavailable(.noPermission))  // EPERM
        #expect(KVMSystem.openError(24) == .systemCall(name: "open /dev/kvm", errno: 24))  // EMFILE
    }

    @Test(
        "answers a probe the same each time",
        .disabled(if: BackendUnderTest.named == "emulator", "VITRINE_BACKEND names another backend"))
    func probe() {
        func answer() -> HypervisorError? {
            do throws(HypervisorError) { try KVMHypervisor().probe() } catch { return error }
            return nil
        }
        #expect(answer() == answer())
        #expect(KVMHypervisor().name == "kvm")
    }
}
