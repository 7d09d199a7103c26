// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import Testing
import VitrineOTLP
import VitrineObservability

@testable import VitrineOTLPSpool

/// A folder of its own for a test, removed at the end, with a spool in it.
final class TestFolder: Sendable {
    let parent: String

    init() throws {
        parent = NSTemporaryDirectory() + "vitrine-spool-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: false)
    }

    deinit { try? FileManager.default.removeItem(atPath: parent) }

    /// Where the spool is.
    var path: String { parent + "/spool" }

    func path(_ name: String) -> String { path + "/" + name }

    var names: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted() }

    func bytes(_ name: String) -> [UInt8] { Array(FileManager.default.contents(atPath: path(name)) ?? Data()) }

    func put(_ name: String, _ bytes: [UInt8]) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: path(name)))
    }

    func permissions(_ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }

    /// A spool in the folder; each call opens it anew, as another process would.
    func spool(_ configure: (inout OTLPSpoolLimits) -> Void = { _ in }) throws -> OTLPSpool {
        var limits = OTLPSpoolLimits()
        configure(&limits)
        return try OTLPSpool(path: path, limits: limits)
    }

    /// The name of a file of a second.
    static func name(_ second: UInt64, number: UInt64 = 1, _ state: SpoolName.State = .waiting) -> SpoolName {
        SpoolName(nanosecondsSinceEpoch: second * 1_000_000_000, number: number).with(state)
    }

    /// A whole file.
    static func file(
        _ text: String, _ signal: OTLPSignal = .traces, recordCount: Int = 1, second: UInt64 = 1
    ) -> [UInt8] {
        let body = Array(text.utf8)
        let time = Timestamp(nanosecondsSinceEpoch: second * 1_000_000_000)
        return OTLPSpoolHeader(signal, recordCount: recordCount, time: time, body: body.span).bytes + body
    }
}

extension OTLPSpool {
    /// Writes and keeps a body; gives what was dropped for it.
    @discardableResult
    func add(
        _ text: String, _ signal: OTLPSignal = .traces, recordCount: Int = 1, second: UInt64 = 1
    ) throws -> [SpoolLoss] {
        try add(Array(text.utf8), signal, recordCount: recordCount, second: second)
    }

    @discardableResult
    func add(
        _ body: [UInt8], _ signal: OTLPSignal = .traces, recordCount: Int = 1, second: UInt64 = 1
    ) throws -> [SpoolLoss] {
        var losses: [SpoolLoss] = []
        let time = Timestamp(nanosecondsSinceEpoch: second * 1_000_000_000)
        let draft = try draft(
            signal, recordCount: recordCount, body: body, time: time, isOver: { true },
            dropped: { losses.append($0) })
        try draft.keep()
        return losses
    }

    /// All that waits.
    var all: [SpoolName] { get throws { try waiting(now: Timestamp(nanosecondsSinceEpoch: 0)) } }

    /// The bodies that can be had, the oldest first; all of them stay.
    var texts: [String] {
        get throws {
            try all.compactMap { name in
                guard case .claimed(let claim) = claim(name) else { return nil }
                return String(decoding: try claim.read().body, as: UTF8.self)
            }
        }
    }
}

extension SpoolClaimResult {
    var claimed: SpoolClaim? {
        if case .claimed(let claim) = self { return claim }
        return nil
    }

    var error: OTLPSpoolFileError? {
        if case .refused(let error, isAside: true) = self { return error }
        return nil
    }

    var isBusy: Bool {
        if case .busy = self { return true }
        return false
    }

    var isGone: Bool {
        if case .gone = self { return true }
        return false
    }
}
