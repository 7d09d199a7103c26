// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing
import Vitrine

/// 0, 1, 2 and 10 parameters are also in `EchoTests`, of other types.
@Suite("0 to 10 parameters")
struct ParameterTests {
    @Test("Each number of parameters reaches the guest in its order", arguments: Places.all)
    func calls(_ place: Place) throws {
        let sandbox = try place.sandbox()
        let (a, b, c, d, e, f, g, h, i) = (
            Int64(1), Int64(2), Int64(3), Int64(4), Int64(5), Int64(6), Int64(7), Int64(8), Int64(9)
        )
        #expect(try sandbox.call("digits3", a, b, c) == Int64(123))
        #expect(try sandbox.call("digits4", a, b, c, d) == Int64(1_234))
        #expect(try sandbox.call("digits5", a, b, c, d, e) == Int64(12_345))
        #expect(try sandbox.call("digits6", a, b, c, d, e, f) == Int64(123_456))
        #expect(try sandbox.call("digits7", a, b, c, d, e, f, g) == Int64(1_234_567))
        #expect(try sandbox.call("digits8", a, b, c, d, e, f, g, h) == Int64(12_345_678))
        #expect(try sandbox.call("digits9", a, b, c, d, e, f, g, h, i) == Int64(123_456_789))
        expectFailure(.wrongParameters) { let _: Int64 = try sandbox.call("digits3", a, b) }
        expectFailure(.wrongParameters) { let _: Int64 = try sandbox.call("digits9", a, b, c, d, e, f, g, h) }
    }

    @Test(
        "Each number of parameters reaches a host function in its order, with a result and without",
        arguments: Places.all)
    func hostCalls(_ place: Place) throws {
        let notes = Box<[Int64]>()
        let sandbox = try place.sandbox { Self.register(in: &$0, notes) }
        for count in 0...10 {
            notes.value = nil
            let expected = (0..<count).reduce(Int64(0)) { $0 * 10 + Int64($1) + 1 }
            #expect(try sandbox.call("call_host_digits", Int32(count)) == expected)
            #expect(notes.value == (0..<count).map { Int64($0) + 1 })
        }
        expectWorks(sandbox)
    }

    private static func digits(_ digits: Int64...) -> Int64 { digits.reduce(0) { $0 * 10 + $1 } }

    /// `noteN` and `digitsN` for N from 0 to 10.
    private static func register(in builder: inout SandboxBuilder, _ notes: Box<[Int64]>) {
        typealias I = Int64
        @Sendable func note(_ values: I...) { notes.value = values }
        builder.hostFunction("note0") { () in note() }
        builder.hostFunction("digits0") { () in digits() }
        builder.hostFunction("note1") { (a: I) in note(a) }
        builder.hostFunction("digits1") { (a: I) in digits(a) }
        builder.hostFunction("note2") { (a: I, b: I) in note(a, b) }
        builder.hostFunction("digits2") { (a: I, b: I) in digits(a, b) }
        builder.hostFunction("note3") { (a: I, b: I, c: I) in note(a, b, c) }
        builder.hostFunction("digits3") { (a: I, b: I, c: I) in digits(a, b, c) }
        builder.hostFunction("note4") { (a: I, b: I, c: I, d: I) in note(a, b, c, d) }
        builder.hostFunction("digits4") { (a: I, b: I, c: I, d: I) in digits(a, b, c, d) }
        builder.hostFunction("note5") { (a: I, b: I, c: I, d: I, e: I) in note(a, b, c, d, e) }
        builder.hostFunction("digits5") { (a: I, b: I, c: I, d: I, e: I) in digits(a, b, c, d, e) }
        builder.hostFunction("note6") { (a: I, b: I, c: I, d: I, e: I, f: I) in note(a, b, c, d, e, f) }
        builder.hostFunction("digits6") { (a: I, b: I, c: I, d: I, e: I, f: I) in digits(a, b, c, d, e, f) }
        builder.hostFunction("note7") { (a: I, b: I, c: I, d: I, e: I, f: I, g: I) in note(a, b, c, d, e, f, g) }
        builder.hostFunction("digits7") { (a: I, b: I, c: I, d: I, e: I, f: I, g: I) in digits(a, b, c, d, e, f, g) }
        builder.hostFunction("note8") { (a: I, b: I, c: I, d: I, e: I, f: I, g: I, h: I) in note(a, b, c, d, e, f, g, h)
        }
        builder.hostFunction("digits8") { (a: I, b: I, c: I, d: I, e: I, f: I, g: I, h: I) in
            digits(a, b, c, d, e, f, g, h)
        }
        builder.hostFunction("note9") { (a: I, b: I, c: I, d: I, e: I, f: I, g: I, h: I, i: I) in
            note(a, b, c, d, e, f, g, h, i)
        }
        builder.hostFunction("digits9") { (a: I, b: I, c: I, d: I, e: I, f: I, g: I, h: I, i: I) in
            digits(a, b, c, d, e, f, g, h, i)
        }
        builder.hostFunction("note10") { (a: I, b: I, c: I, d: I, e: I, f: I, g: I, h: I, i: I, j: I) in
            note(a, b, c, d, e, f, g, h, i, j)
        }
        builder.hostFunction("digits10") { (a: I, b: I, c: I, d: I, e: I, f: I, g: I, h: I, i: I, j: I) in
            digits(a, b, c, d, e, f, g, h, i, j)
        }
    }
}
