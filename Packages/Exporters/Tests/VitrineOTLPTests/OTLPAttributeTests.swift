// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing
import VitrineOTLP
import VitrineObservability

@Suite("OTLP, attributes")
struct OTLPAttributeTests {
    /// What a decoder reads of one span of these fields.
    private func span(
        _ fields: [Field], limits: OTLPLimits = OTLPLimits(), details: OTLPDetails = .all, dropped: Int = 0,
        name: String = "work", origin: SpanOrigin = .guest, end: UInt64? = 5
    ) throws -> Tree {
        let record = SpanRecord(
            context: Sample.context(1), parent: nil, metadata: Sample.metadata(name), origin: origin,
            start: Sample.at(3), end: end.map(Sample.at), fields: fields)
        let spans = [OTLPSpan(record, droppedFieldCount: dropped)]
        let bytes = try Sample.traces(spans, limits: limits, details: details)
        let decoded = try #require(DecodedMessage(bytes, .traces))
        #expect(decoded.repacked == bytes)
        return try #require(decoded.tree["resource_spans"]?["scope_spans"]?["spans"]?.elements.first)
    }

    @Test("of an empty key are dropped and counted")
    func emptyKeys() throws {
        let span = try span([Field("", 1), Field("a", 2), Field("", 3)], details: [])
        #expect(span.attributeKeys == ["vitrine.origin", "a"])
        #expect(span["dropped_attributes_count"] == "2")
    }

    @Test("of equal keys have the place of the first and the value of the last", arguments: [3, 200])
    func equalKeys(count: Int) throws {
        var limits = OTLPLimits()
        limits.attributeCount = 1_000
        let fields = (0..<count).map { Field("key \($0)", .string("old")) }
        let span = try span(
            fields + [Field("key 1", .bools([true])), Field("a\0", 1), Field("a\u{FFFD}", 2)],
            limits: limits, details: [])
        #expect(span.attributeKeys == ["vitrine.origin"] + fields.map(\.key) + ["a\u{FFFD}"])
        #expect(span.attribute("key 1") == ["array_value": ["values": [["bool_value": "true"]]]])
        #expect(span.attribute("key 0") == ["string_value": "old"])
        #expect(span.attribute("a\u{FFFD}") == ["int_value": "2"])
        #expect(span["dropped_attributes_count"] == nil)
    }

    @Test("of a guest cannot stand for those of the encoder")
    func forged() throws {
        let forged = ["vitrine.origin", "vitrine.level", "vitrine.target", "code.file.path", "code.line.number"]
        let span = try span(forged.map { Field($0, "host") } + [Field("own", 1)])
        #expect(span.attribute("vitrine.origin") == ["string_value": "guest"])
        #expect(span.attribute("vitrine.level") == ["string_value": "info"])
        #expect(span.attribute("code.line.number") == ["int_value": "12"])
        #expect(span.attributeKeys.count == 6)
        #expect(span["dropped_attributes_count"] == "5")
    }

    @Test(
        "beyond the limit are dropped and counted, with those that were dropped before", arguments: [10_000, 300_000])
    func limit(count: Int) throws {
        let span = try span((0..<count).map { Field("key \($0)", .int64(Int64($0))) }, dropped: 7)
        #expect(span.attributeKeys.count == 128 + 5)
        #expect(span.attribute("key 127") == ["int_value": "127"])
        #expect(span["dropped_attributes_count"] == .number(count - 128 + 7))
    }

    @Test("have no room from details that are left out", arguments: [OTLPDetails.all, .level, []])
    func limitWithoutDetails(details: OTLPDetails) throws {
        let fields = (0..<200).map { Field("key \($0)", .int64(Int64($0))) }
        let span = try span(fields, details: details)
        #expect(span.attributeKeys.count { $0.hasPrefix("key ") } == 128)
        #expect(span["dropped_attributes_count"] == "72")
    }

    @Test("are ten thousand if that is wanted, or none")
    func otherLimits() throws {
        var limits = OTLPLimits()
        limits.attributeCount = 10_000
        let fields = (0..<10_000).map { Field("key \($0)", .int64(Int64($0))) }
        let whole = try span(fields, limits: limits)
        #expect(whole.attributeKeys.count == 10_005)
        #expect(whole["dropped_attributes_count"] == nil)
        limits.attributeCount = -1
        let none = try span(fields, limits: limits)
        #expect(none.attributeKeys.count == 5)
        #expect(none["dropped_attributes_count"] == "10000")
    }

    @Test("have texts of 64 KiB, or as many bytes of whole scalars as are wanted")
    func longTexts() throws {
        let long = String(repeating: "ü", count: 32 << 10)
        #expect(try span([Field("long", long)]).attribute("long") == ["string_value": .text(long)])
        var limits = OTLPLimits()
        limits.valueByteCount = 5
        let cut = try span([Field("long", long), Field("many", .strings(["abcdef", "漢字", ""]))], limits: limits)
        #expect(cut.attribute("long") == ["string_value": "üü"])
        let elements: [Tree] = [["string_value": "abcde"], ["string_value": "漢"], ["string_value": ""]]
        #expect(cut.attribute("many") == ["array_value": ["values": .list(elements)]])
        #expect(cut.attribute("code.file.path") == ["string_value": "Kitchen/Eggs.swift"])
        limits.valueByteCount = 0
        #expect(try span([Field("long", long)], limits: limits).attribute("long") == ["string_value": ""])
    }

    @Test("of the metadata are those that were asked for, and the origin always")
    func details() throws {
        #expect(try span([], details: []).attributeKeys == ["vitrine.origin"])
        #expect(try span([], details: .level).attributeKeys == ["vitrine.origin", "vitrine.level"])
        #expect(try span([], origin: .host).attribute("vitrine.origin") == ["string_value": "host"])
    }

    @Test("stand in spans that have a name, and end no earlier than they start")
    func extremes() throws {
        #expect(try span([], name: "")["name"] == "unknown")
        #expect(try span([], end: 1)["end_time_unix_nano"] == .number(Sample.time + 3))
        #expect(try span([], end: nil)["end_time_unix_nano"] == .number(Sample.time + 3))
    }
}
