// SPDX-License-Identifier: MIT OR Apache-2.0

import CKVMFloor
import Glibc
import Testing

/// Whether KVM works here, and `VITRINE_BACKEND` does not hide it.
private var isKVMWanted: Bool {
    // SAFETY: the text is copied at once; no test changes the environment.
    let named = unsafe getenv("VITRINE_BACKEND").map { unsafe String(cString: $0) }
    return named != "emulator" && kvm_floor_probe() == 0
}

/// The floor does the work that it is timed for. Only where KVM is.
@Suite(.enabled(if: isKVMWanted, "no /dev/kvm, or VITRINE_BACKEND names another backend")) struct KVMFloorTests {
    // SAFETY: the machine lives to the end of the test; every pointer is to a value of this frame and as large as told.
    @Test func theFloorAddsCopiesCallsTheHostAndStops() throws {
        var error: Int32 = 0
        let made = unsafe kvm_floor_create(16 << 20, &error)
        let floor = unsafe try #require(made)
        defer { unsafe kvm_floor_destroy(floor) }
        var sum: Int64 = 0
        #expect(unsafe kvm_floor_add(floor, 40, 2, &sum) == 0)
        #expect(sum == 42)
        var times = [UInt64](repeating: 0, count: 10)
        #expect(unsafe kvm_floor_host_calls(floor, 10, &times, &sum) == 0)
        #expect(times == times.sorted())
        #expect(times.allSatisfy { $0 > 0 })
        #expect(sum == 3 * 55)
        let input = (0..<5000).map { UInt8(truncatingIfNeeded: $0 * 7) }
        var output = [UInt8](repeating: 0, count: input.count)
        #expect(unsafe kvm_floor_copy(floor, input, &output, input.count) == 0)
        #expect(output == input)
        #expect(unsafe kvm_floor_spin(floor, 1_000_000) == 0)
        #expect(unsafe kvm_floor_add(floor, 1, 2, &sum) == 0)
        #expect(sum == 3)
    }

    // SAFETY: error is a value of this frame; no machine is made.
    @Test func sizesThatCannotBeAreRefused() {
        var error: Int32 = 0
        for byteCount in [0, 4 << 20, (16 << 20) + 1, 2 << 30] {
            let isRefused = unsafe kvm_floor_create(byteCount, &error) == nil
            #expect(isRefused)
            #expect(error < 0)
        }
    }
}
