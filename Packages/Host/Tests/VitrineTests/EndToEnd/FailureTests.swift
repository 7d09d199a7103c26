// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing
import Vitrine

@Suite("What guests do wrong")
struct FailureTests {
    /// The sandbox is poisoned, says so, and others work.
    private func expectPoisoned(_ sandbox: Sandbox, _ place: Place, by code: SandboxError.Code) throws {
        #expect(sandbox.status == .poisoned)
        let error = expectFailure(.poisoned) { let _: Int64 = try sandbox.call("add", Int64(1), Int64(2)) }
        #expect(error?.message.contains(code.name) == true)
        expectWorks(try place.sandbox())
    }

    @Test("A guest error carries code and message, and the sandbox stays ready", arguments: Places.all)
    func guestError(_ place: Place) throws {
        let sandbox = try place.sandbox()
        for (code, text) in [(Int32(1_000), "out of tea"), (1_234, ""), (.max, "größer")] {
            let error = expectFailure(.guestError) { try sandbox.call("guest_error", code, text) }
            #expect(error?.guestCode == UInt32(code))
            #expect(error?.guestMessage == text)
        }
        #expect(sandbox.status == .ready)
        expectWorks(sandbox)
    }

    @Test("Control characters in a guest's text cannot reach a terminal", arguments: Places.all)
    func controlCharacters(_ place: Place) throws {
        let sandbox = try place.sandbox()
        let error = expectFailure(.guestError) {
            try sandbox.call("guest_error", Int32(1_000), "a\u{1B}[2Jb\nc\u{202E}d")
        }
        #expect(error?.guestMessage == "a\u{1B}[2Jb\nc\u{202E}d")
        #expect(error?.description.contains("a\\u{1b}[2Jb\\nc\\u{202e}d") == true)
    }

    @Test("A failed assertion aborts the guest with its text", arguments: Places.all)
    func abort(_ place: Place) throws {
        let sandbox = try place.sandbox()
        let error = expectFailure(.guestAborted) { try sandbox.call("trap") }
        #expect(error?.guestCode == 6)
        #expect(error?.guestMessage?.isEmpty == false)
        try expectPoisoned(sandbox, place, by: .guestAborted)
    }

    @Test("A full heap is outOfMemory", arguments: Places.all)
    func outOfMemory(_ place: Place) throws {
        let sandbox = try place.sandbox()
        let error = expectFailure(.outOfMemory) { try sandbox.call("out_of_memory") }
        #expect(error?.advice.contains("memory.heap") == true)
        try expectPoisoned(sandbox, place, by: .outOfMemory)
    }

    struct Fault: Sendable, CustomTestStringConvertible {
        let function: String
        let vector: UInt8
        let name: String
        var testDescription: String { function }
    }

    static let faults = [
        Fault(function: "undefined_instruction", vector: 6, name: "#UD"),
        Fault(function: "divide_by_zero", vector: 0, name: "#DE"),
        Fault(function: "halt_instruction", vector: 13, name: "#GP"),
        Fault(function: "int3", vector: 3, name: "#BP"),
        Fault(function: "write_readonly", vector: 14, name: "#PF"),
        Fault(function: "write_code", vector: 14, name: "#PF"),
        Fault(function: "execute_data", vector: 14, name: "#PF"),
        Fault(function: "recurse", vector: 14, name: "#PF"),
    ]

    @Test("Each CPU exception is told with vector, name and instruction", arguments: Places.all, faults)
    func exceptions(_ place: Place, _ fault: Fault) throws {
        let sandbox = try place.sandbox()
        let error = expectFailure(.cpuException) { try sandbox.call(fault.function) }
        let exception = try #require(error?.exception)
        #expect(exception.vector == fault.vector)
        #expect(exception.name.hasPrefix(fault.name))
        #expect(exception.instructionPointer >= 0x20_0000)
        #expect((exception.address != nil) == (fault.vector == 14))
        if fault.function == "write_readonly" { #expect(exception.address == 0x1F_F000) }
        if fault.function == "recurse" { #expect(error?.message.contains("stack overflowed") == true) }
        try expectPoisoned(sandbox, place, by: .cpuException)
    }

    @Test("A bad pointer is told with its address", arguments: Places.all, [0, 0x1000, 0x7FFF_FFFF_F000] as [UInt64])
    func badPointer(_ place: Place, _ address: UInt64) throws {
        let sandbox = try place.sandbox()
        let error = expectFailure(.cpuException) { try sandbox.call("bad_pointer", address) }
        #expect(error?.exception?.vector == 14)
        #expect(error?.exception?.address == address)
        try expectPoisoned(sandbox, place, by: .cpuException)
    }

    @Test("Every port but the guest's four faults", arguments: Places.each)
    func ports(_ place: Place) throws {
        for port in [0x00, 0x20, 0x60, 0x80, 0xDF, 0xE1, 0xE3, 0xE5, 0xE7, 0xF0, 0xF1, 0x3F8, 0xFFFF] as [Int32] {
            let sandbox = try place.sandbox()
            let error = expectFailure(.cpuException) { try sandbox.call("out_port", port) }
            #expect(error?.exception?.vector == 13, "port \(port)")
            let reading = try place.sandbox()
            expectFailure(.cpuException) { try reading.call("in_port", port) }
        }
        // The I/O bitmap opens a port for both directions: an `in` from one of the four ends the run another way.
        for port in [0xE0, 0xE2, 0xE4, 0xE6] as [Int32] {
            expectFailure(.protocolViolation) { try place.sandbox().call("in_port", port) }
        }
    }
}
