// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing
import VitrineEmulator
import VitrineHypervisor

extension EmulatorTests {
    @Suite("The emulator as a backend")
    struct EmulatorBackendTests {
        @Test("a program that links the module has it as its software backend")
        func isLinked() {
            #expect(SoftwareBackend.linked?.name == "emulator")
        }

        @Test("the probe runs a guest and finds the emulator usable")
        func probe() throws {
            try EmulatorHypervisor().probe()
        }
    }
}
