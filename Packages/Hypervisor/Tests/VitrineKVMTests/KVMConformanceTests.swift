// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing
import VitrineHypervisor
import VitrineHypervisorConformance
import VitrineKVM

/// One after the other: some count the descriptors of the process, some measure time.
@Suite(
    "KVM", .serialized,
    .enabled(if: BackendUnderTest.isWanted(KVMHypervisor()), "no /dev/kvm, or VITRINE_BACKEND names another backend"))
struct KVMTests {
    @Suite("Conformance") struct Conformance {
        @Test("keeps each promise of the suite", arguments: ConformanceSuite.all)
        func conforms(check: ConformanceCheck) throws {
            try check.run(KVMHypervisor())
        }

        @Test("has a name of its own for each check")
        func uniqueNames() {
            #expect(Set(ConformanceSuite.all.map(\.name)).count == ConformanceSuite.all.count)
        }
    }
}
