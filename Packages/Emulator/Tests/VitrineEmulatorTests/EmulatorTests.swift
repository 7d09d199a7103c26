// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing
import VitrineHypervisorConformance

/// All tests, one after another: some measure what the whole process uses.
@Suite(
    "Emulator", .serialized, .disabled(if: BackendUnderTest.named == "kvm", "VITRINE_BACKEND names another backend"))
enum EmulatorTests {}
