// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import VitrineOTLP
import VitrineObservability

@testable import VitrineOTLPSpool

/// A folder of its own for a test, removed at the end, with a spool in it.
final class SpoolTestFolder: Sendable {
    /// The body of a file that is told from requests of our own.
    static let text = "old"

    let parent: String

    init() throws {
        parent = NSTemporaryDirectory() + "vitrine-export-spool-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: false)
    }

    deinit { try? FileManager.default.removeItem(atPath: parent) }

    var path: String { parent + "/spool" }

    /// How the names of the files end, the oldest first.
    var states: [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        return names.sorted().compactMap { $0.split(separator: ".").last.map(String.init) }
    }

    /// Opens the spool anew, as another process would.
    func spool(_ configure: (inout OTLPSpoolLimits) -> Void = { _ in }) throws -> OTLPSpool {
        var limits = OTLPSpoolLimits()
        limits.pauseMilliseconds = 0
        configure(&limits)
        return try OTLPSpool(path: path, limits: limits)
    }

    /// Puts a file in, as an earlier process did.
    func add(
        _ signal: OTLPSignal, _ text: String, recordCount: Int = 1, age seconds: UInt64 = 0
    ) throws {
        try add(signal, Array(text.utf8), recordCount: recordCount, age: seconds)
    }

    func add(_ signal: OTLPSignal, _ body: [UInt8], recordCount: Int, age seconds: UInt64 = 0) throws {
        let time = Timestamp(nanosecondsSinceEpoch: ManualClock.epoch + 1_000_000_000 - seconds * 1_000_000_000)
        let draft = try spool().draft(
            signal, recordCount: recordCount, body: body, time: time, isOver: { true }, dropped: { _ in })
        try draft.keep()
    }

    /// The body of a request with spans of these numbers.
    static func body(_ numbers: Range<Int>) throws -> [UInt8] {
        var encoder = try OTLPEncoder(resource: OTLPResource(serviceName: "test"))
        var bytes: [UInt8] = []
        let spans = numbers.map { OTLPSpan(Rig.span($0)) }
        try encoder.appendTraces(spans.span, to: &bytes)
        return bytes
    }

    /// Puts a file in that cannot be read.
    func addDamaged() throws {
        _ = try spool()
        let name = SpoolName(nanosecondsSinceEpoch: 0, number: 7).with(.waiting)
        try Data([1, 2, 3]).write(to: URL(fileURLWithPath: path + "/" + name.text))
    }

    /// Puts a file in that another version of this code wrote.
    func addOtherVersion() throws {
        try add(.traces, "x")
        let files = FileManager.default
        for name in try files.contentsOfDirectory(atPath: path) {
            var bytes = Array(files.contents(atPath: path + "/" + name) ?? Data())
            if bytes.count > 8 { bytes[8] = 2 }
            try Data(bytes).write(to: URL(fileURLWithPath: path + "/" + name))
        }
    }

    /// Puts folders in the place of the files that wait, and files in the place where they would be moved.
    func blockFiles() throws {
        let files = FileManager.default
        for name in try files.contentsOfDirectory(atPath: path) where name.hasSuffix(".otlp") {
            try files.removeItem(atPath: path + "/" + name)
            try files.createDirectory(atPath: path + "/" + name, withIntermediateDirectories: false)
            let aside = name.dropLast("otlp".count) + "bad"
            try Data().write(to: URL(fileURLWithPath: path + "/" + aside))
        }
    }

    func remove() throws { try FileManager.default.removeItem(atPath: path) }
}
