// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing
import Vitrine
import VitrineWire

@Suite("Echo of every type")
struct EchoTests {
    private func expectEchoes<Value: WireValue & Equatable>(
        _ function: String, _ values: [Value], _ place: Place, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let sandbox = try place.sandbox()
        for value in values {
            let echo: Value = try sandbox.call(function, value)
            #expect(echo == value, sourceLocation: sourceLocation)
        }
    }

    @Test("Integers come back as they went", arguments: Places.all)
    func integers(_ place: Place) throws {
        try expectEchoes("echo_int32", [0, 1, -1, .min, .max] as [Int32], place)
        try expectEchoes("echo_uint32", [0, 1, .max, 0x8000_0000] as [UInt32], place)
        try expectEchoes("echo_int64", [0, 1, -1, .min, .max] as [Int64], place)
        try expectEchoes("echo_uint64", [0, 1, .max, 1 << 63] as [UInt64], place)
    }

    @Test("Floating-point numbers come back bit for bit, NaNs with their payload", arguments: Places.all)
    func floatingPoint(_ place: Place) throws {
        let sandbox = try place.sandbox()
        let floats: [Float] = [
            0, -0.0, 1.5, .infinity, -.infinity, .leastNonzeroMagnitude, .greatestFiniteMagnitude,
            Float(bitPattern: 0x7FC1_2345), .nan,
        ]
        for value in floats {
            let echo: Float = try sandbox.call("echo_float", value)
            #expect(echo.bitPattern == value.bitPattern)
        }
        let doubles: [Double] = [
            0, -0.0, .pi, .infinity, -.infinity, .leastNonzeroMagnitude, .greatestFiniteMagnitude,
            Double(bitPattern: 0x7FF8_0000_DEAD_BEEF), .nan,
        ]
        for value in doubles {
            let echo: Double = try sandbox.call("echo_double", value)
            #expect(echo.bitPattern == value.bitPattern)
        }
    }

    @Test("Booleans and nothing come back", arguments: Places.all)
    func boolsAndVoid(_ place: Place) throws {
        try expectEchoes("echo_bool", [true, false, true], place)
        try place.sandbox().call("echo_void")
    }

    @Test("Strings come back, empty, long, with every kind of character", arguments: Places.all)
    func strings(_ place: Place) throws {
        try expectEchoes(
            "echo_string",
            [
                "", "a", "1234567", "12345678", "fünf", "日本語", "👩‍👩‍👧‍👦", "nul\0inside", "\u{0}", "e\u{301}",
                String(repeating: "x", count: 4_097),
            ], place)
    }

    @Test("Bytes come back, whatever their number is modulo eight", arguments: Places.all)
    func bytes(_ place: Place) throws {
        let values = (0...17).map { count in (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ count) } }
        try expectEchoes("echo_bytes", values + [[UInt8](repeating: 0xFF, count: 65_537)], place)
    }

    @Test("Arithmetic is done in the guest", arguments: Places.all)
    func arithmetic(_ place: Place) throws {
        let sandbox = try place.sandbox()
        let difference: Int64 = try sandbox.call("sub", Int64(1), Int64(3))
        #expect(difference == -2)
        let product: Double = try sandbox.call("multiply", 1.5, -4.0)
        #expect(product == -6)
        let text: String = try sandbox.call("concat", "micro", "-VM")
        #expect(text == "micro-VM")
        let sum: UInt64 = try sandbox.call("sum_bytes", [UInt8](0...255))
        #expect(sum == 32_640)
    }

    @Test("Ten parameters arrive in their order, and none at all", arguments: Places.all)
    func parameterCounts(_ place: Place) throws {
        let sandbox = try place.sandbox()
        let sum: Int64 = try sandbox.call(
            "sum10", Int64(1), Int64(20), Int64(300), Int64(4_000), Int64(50_000), Int64(600_000), Int64(7_000_000),
            Int64(80_000_000), Int64(900_000_000), Int64(1_000_000_000))
        #expect(sum == 1_987_654_321)
        try sandbox.call("echo_void")
    }

    @Test("The guest keeps its state between calls", arguments: Places.all)
    func state(_ place: Place) throws {
        let sandbox = try place.sandbox()
        let first: Int64 = try sandbox.call("count")
        let second: Int64 = try sandbox.call("count")
        #expect(second == first + 1)
        let other: Int64 = try place.sandbox().call("count")
        #expect(other == first)
    }
}
