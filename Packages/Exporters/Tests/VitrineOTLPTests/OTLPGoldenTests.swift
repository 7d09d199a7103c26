// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import Testing
import VitrineOTLP
import VitrineObservability

@Suite("OTLP, golden requests")
struct OTLPGoldenTests {
    /// Where a new set of golden bytes goes; they are then to be read by Fixtures/read_official.py.
    private static let output = ProcessInfo.processInfo.environment["VITRINE_OTLP_GOLDEN"]

    /// Compares a request with the bytes that were read by the official decoder, and with what that read.
    private func check(_ bytes: [UInt8], _ signal: OTLPSignal, _ expected: Tree) throws {
        if let output = Self.output {
            try Data(bytes).write(to: URL(filePath: output).appending(path: "\(signal).binpb"))
        }
        let golden = try Sample.fixture("\(signal).binpb")
        #expect(bytes == [UInt8](golden))
        let official = try Tree(json: Sample.fixture("\(signal).json"))
        #expect(official == expected)
        let decoded = try #require(DecodedMessage(bytes, signal))
        #expect(decoded.tree == official)
        #expect(decoded.repacked == bytes)
    }

    @Test("has the protocol's messages, with its names, numbers and types")
    func schema() throws {
        let official = String(decoding: try Sample.fixture("schema.txt"), as: UTF8.self)
        // Messages of any type, which are bytes on the wire, and bytes to us.
        let expected = official.replacing("repeated google.protobuf.Any", with: "repeated bytes")
        #expect(ProtocolSchema.lines() == expected.split(separator: "\n").map(String.init))
    }

    @Test("encodes spans of all kinds with values, events, links, states and dropped counts")
    func traces() throws {
        let spans = Sample.spans.map(Expectation.span)
        try check(
            try Sample.traces(Sample.spans), .traces,
            Expectation.request("resource_spans", "scope_spans", "spans", spans))
    }

    @Test("encodes log records with trace context, severities and names")
    func logs() throws {
        let events =
            Sample.events + [
                EventRecord(
                    context: Sample.context(2, flags: []), metadata: Sample.metadata("event", .warn, .event),
                    time: Sample.at(40), message: "hot\0", fields: Sample.values)
            ]
        try check(
            try Sample.logs(events), .logs,
            Expectation.request("resource_logs", "scope_logs", "log_records", events.map(Expectation.log)))
    }

    @Test("encodes sums, gauges and both histograms, with exemplars")
    func metrics() throws {
        let bytes = try Sample.metrics(Sample.families)
        try check(
            bytes, .metrics,
            Expectation.request("resource_metrics", "scope_metrics", "metrics", Sample.familyTrees))
    }
}
