// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing

@Suite("Backends of these tests")
struct PlacesTests {
    @Test("There is at least one, so that no test passes for want of cases")
    func someBackend() {
        #expect(!Places.backends.isEmpty, "VITRINE_BACKEND is kvm, emulator, automatic or unset")
    }
}
