// SPDX-License-Identifier: MIT OR Apache-2.0

import Logging
import Testing
import VitrineObservability
import VitrineObservabilityTesting
import VitrineSwiftLog

@Suite("Metadata and fields")
struct MetadataTests {
    private func fields(_ metadata: Logger.Metadata) throws -> [Field] {
        let memory = InMemorySubscriber()
        let logger = Logger(label: "app") { VitrineLogHandler(label: $0) }
        Telemetry.withSubscriber(memory) {
            logger.log(level: .info, "x", metadata: metadata, source: "app", file: "a/b", function: "", line: 1)
        }
        return try #require(memory.events.first).fields
    }

    @Test("Values keep the type that a field can have, others become text")
    func scalars() throws {
        #expect(
            try fields([
                "bool": .stringConvertible(true), "double": .stringConvertible(2.5),
                "float": .stringConvertible(Float(0.5)),
                "int": .stringConvertible(-3), "int64": .stringConvertible(Int64.min),
                "other": .stringConvertible(1...2),
                "text": "t", "uint64": .stringConvertible(UInt64.max),
            ]) == [
                Field("bool", true), Field("double", 2.5), Field("float", 0.5), Field("int", -3),
                Field("int64", Int64.min), Field("other", "1...2"), Field("text", "t"), Field("uint64", UInt64.max),
            ])
    }

    @Test("Dictionaries become fields with dots between the keys")
    func dictionaries() throws {
        #expect(
            try fields(["request": ["method": "GET", "peer": ["port": .stringConvertible(80)]], "a": "b"]) == [
                Field("a", "b"), Field("request.method", "GET"), Field("request.peer.port", 80),
            ])
    }

    @Test("What lies deeper than eight dictionaries is one text")
    func depth() throws {
        var value: Logger.MetadataValue = ["leaf": "x"]
        for _ in 0..<6 { value = ["d": value] }
        #expect(try fields(["d": value]).map(\.key) == ["d.d.d.d.d.d.d.leaf"])
        #expect(
            try fields(["d": ["d": value]]) == [Field("d.d.d.d.d.d.d.d", #"["leaf": "x"]"#)])
    }

    @Test("Arrays of one simple kind keep it, others become texts")
    func arrays() throws {
        #expect(
            try fields([
                "bools": [.stringConvertible(true), .stringConvertible(false)],
                "doubles": [.stringConvertible(0.5)],
                "empty": [],
                "ints": [.stringConvertible(1), .stringConvertible(2)],
                "mixed": [.stringConvertible(1), "two", ["k": "v"]],
                "texts": ["a", "b"],
            ]) == [
                Field("bools", [true, false]), Field("doubles", [0.5]), Field("empty", [String]()),
                Field("ints", [1, 2]), Field("mixed", ["1", "two", #"["k": "v"]"#]), Field("texts", ["a", "b"]),
            ])
    }

    @Test("All kinds of fields go to metadata and come back")
    func bothWays() throws {
        let all = [
            Field("bool", true), Field("bools", [true, false]), Field("double", -0.5), Field("doubles", [1.5, 2]),
            Field("int64", Int64.max), Field("int64s", [1, -1]), Field("string", "text"), Field("strings", ["a", "b"]),
            Field("uint64", UInt64.max),
        ]
        let out = RecordingLogHandler()
        Telemetry.withSubscriber(SwiftLogSubscriber(Logger(label: "x") { _ in out })) {
            event("all", target: "app", fields: all)
        }
        #expect(try fields(try #require(out.store.events.first?.metadata)) == all)
    }
}
