// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing
import VitrineEmulator
import VitrineHypervisor

/// The guests that `just build-guests` has left, if it ran.
private let builtGuests = ["debug", "release"].flatMap { build in
    ["simpleguest", "c_simpleguest"].map { TestFile.repository + "/Guests/bin/\(build)/\($0)" }
}.filter { TestFile.bytes($0) != nil }

extension EmulatorTests {
    @Suite("Real guests on the emulator", .enabled(if: !builtGuests.isEmpty, "no guests are built"))
    struct RealGuestTests {
        @Test("boots and answers calls", arguments: builtGuests)
        func calls(path: String) throws {
            var guest = try RealGuest.boot(path: path)
            for number in Int64(0)..<100 { #expect(try guest.call("add", number, 1 << 40) == number + 1 << 40) }
            #expect(try guest.call("sub", 1, 2) == -1)
        }

        @Test("its faults are reported as on a CPU", arguments: builtGuests)
        func faults(path: String) throws {
            let expected: [(name: String, vector: UInt8)] = [
                ("undefined_instruction", 6), ("divide_by_zero", 0), ("write_readonly", 14), ("write_code", 14),
                ("execute_data", 14), ("halt_instruction", 13), ("recurse", 14),
            ]
            for (name, vector) in expected {
                var guest = try RealGuest.boot(path: path)
                guard case .exception(let exception)? = try guest.exit(of: name) else {
                    Issue.record("\(name) raised nothing")
                    continue
                }
                #expect(exception.vector == vector, "\(name)")
            }
        }

        @Test("a guest that spins is stopped", arguments: builtGuests)
        func spins(path: String) throws {
            var guest = try RealGuest.boot(path: path)
            #expect(try guest.exit(of: "spin", deadline: HostInstant.now.advanced(by: .milliseconds(20))) == nil)
        }
    }
}
