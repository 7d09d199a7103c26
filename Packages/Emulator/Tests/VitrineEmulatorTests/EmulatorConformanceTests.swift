// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing
import VitrineEmulator
import VitrineHypervisor
import VitrineHypervisorConformance

extension EmulatorTests {
    @Suite("The emulator conforms")
    struct EmulatorConformanceTests {
        @Test("keeps each promise of the suite", arguments: ConformanceSuite.all)
        func conforms(check: ConformanceCheck) throws {
            try check.run(EmulatorHypervisor())
        }
    }
}
