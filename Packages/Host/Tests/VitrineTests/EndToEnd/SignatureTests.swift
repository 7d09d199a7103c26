// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing
import Vitrine

@Suite("Names and signatures")
struct SignatureTests {
    @Test("A function the guest lacks is named, and the sandbox stays ready", arguments: Places.all)
    func unknownFunction(_ place: Place) throws {
        let sandbox = try place.sandbox()
        for name in ["no_such_function", "", "ädd", String(repeating: "n", count: 256)] {
            let error = expectFailure(.unknownFunction) { try sandbox.call(name) }
            #expect(error?.message.contains("“\(name)”") == true)
        }
        expectWorks(sandbox)
    }

    @Test("A name longer than the limit never reaches the guest", arguments: Places.each)
    func longName(_ place: Place) throws {
        let sandbox = try place.sandbox()
        expectFailure(.unknownFunction) { try sandbox.call(String(repeating: "n", count: 257)) }
        expectWorks(sandbox)
    }

    @Test("Wrong types, too few and too many parameters, and another result are told", arguments: Places.all)
    func wrongParameters(_ place: Place) throws {
        let sandbox = try place.sandbox()
        expectFailure(.wrongParameters) { let _: Int64 = try sandbox.call("add", Int32(1), Int32(2)) }
        expectFailure(.wrongParameters) { let _: Int64 = try sandbox.call("add", Int64(1)) }
        expectFailure(.wrongParameters) { let _: Int64 = try sandbox.call("add", Int64(1), Int64(2), Int64(3)) }
        expectFailure(.wrongParameters) { let _: Int64 = try sandbox.call("add", "1", [UInt8(2)]) }
        expectFailure(.wrongParameters) { let _: String = try sandbox.call("add", Int64(1), Int64(2)) }
        expectFailure(.wrongParameters) { try sandbox.call("add", Int64(1), Int64(2)) }
        expectWorks(sandbox)
    }

    @Test("Eleven parameters are more than any function has", arguments: Places.each)
    func elevenParameters(_ place: Place) throws {
        let sandbox = try place.sandbox()
        let one = Int64(1)
        expectFailure(.wrongParameters) {
            let _: Int64 = try sandbox.call("sum10", one, one, one, one, one, one, one, one, one, one, one)
        }
        expectWorks(sandbox)
    }
}
