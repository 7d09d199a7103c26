// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import Glibc
import Testing
import VitrineOTLP
import VitrineObservability

@testable import VitrineOTLPSpool

@Suite("Files of the spool that are replaced by their halves")
struct SpoolSplittingTests {
    /// A request with so many log records of one byte.
    static func body(_ records: [UInt8]) -> [UInt8] {
        let scope: [UInt8] = records.flatMap { [0x12, 0x01, $0] as [UInt8] }
        let resource: [UInt8] = [0x12, UInt8(scope.count)] + scope
        return [0x0A, UInt8(resource.count)] + resource
    }

    private static let records: [UInt8] = [1, 2, 3, 4, 5]

    /// A folder with a file of five records, one a second old, and others.
    private func folder(others: Int = 0) throws -> (TestFolder, OTLPSpool) {
        let folder = try TestFolder()
        let spool = try folder.spool()
        try spool.add(Self.body(Self.records), .logs, recordCount: 5, second: 7)
        for number in 0..<others { try spool.add("other", second: UInt64(8 + number)) }
        return (folder, spool)
    }

    private func halves() throws -> (OTLPRequestBody, OTLPRequestBody) {
        try #require(try OTLPRequestBody(reading: Self.body(Self.records), of: .logs).halves)
    }

    /// Has a file, as soon as no process has it that another test starts, which inherits locks for a moment.
    private func claim(_ name: SpoolName, _ spool: OTLPSpool) throws -> SpoolClaim {
        while true {
            let result = spool.claim(name)
            if !result.isBusy { return try #require(result.claimed) }
            sched_yield()
        }
    }

    private func replace(_ spool: OTLPSpool, _ name: SpoolName) throws -> (SpoolClaim, SpoolClaim) {
        let claim = try claim(name, spool)
        return try spool.replace(claim, try claim.read().header, with: try halves())
    }

    @Test("are two, in the order of the records, of the same time, and of who had the whole")
    func replaced() throws {
        // As often as the order of new names and old ones takes to be both.
        for _ in 0..<12 {
            let (folder, spool) = try folder()
            let name = try #require(spool.all.first)
            // As another process would: with other numbers.
            let other = try folder.spool()
            let halves = try replace(other, name)
            #expect(try spool.all == [halves.0.name, halves.1.name])
            #expect(halves.0.name == name || halves.1.name == name)
            for half in try spool.all { #expect(spool.claim(half).isBusy) }
            let files = [try halves.0.read(), try halves.1.read()]
            #expect(files.map(\.body) == [Self.body([1, 2]), Self.body([3, 4, 5])])
            #expect(files.map(\.header.recordCount) == [2, 3])
            #expect(files.allSatisfy { $0.header.time == Timestamp(nanosecondsSinceEpoch: 7_000_000_000) })
            #expect(files.allSatisfy { $0.header.signal == .logs })
            try halves.0.remove()
            #expect(folder.names == [halves.1.name.text])
        }
    }

    @Test("push out no other file: there is no room instead, and all stays", arguments: [true, false])
    func full(isByCount: Bool) throws {
        let (folder, _) = try folder(others: 2)
        let before = folder.names
        let sizes = before.reduce(0) { $0 + folder.bytes($1).count }
        let added =
            try [halves().0, halves().1].reduce(-Self.body(Self.records).count) { $0 + 40 + $1.bytes.count } - 40
        let spool = try folder.spool {
            if isByCount { $0.fileCount = 3 } else { $0.byteCount = UInt64(sizes + added - 1) }
        }
        let name = try #require(spool.all.first)
        #expect(throws: OTLPSpoolError.full) { try replace(spool, name) }
        #expect(folder.names == before)
        let larger = try folder.spool {
            if isByCount { $0.fileCount = 4 } else { $0.byteCount = UInt64(sizes + added) }
        }
        _ = try replace(larger, name)
        #expect(folder.names.count == 4)
        #expect(Set(before).isSubset(of: folder.names))
    }

    @Test("leave nothing where the last step fails")
    func failing() throws {
        let (folder, spool) = try folder()
        let name = try #require(spool.all.first)
        let claim = try claim(name, spool)
        let header = try claim.read().header
        try FileManager.default.removeItem(atPath: folder.path(name.text))
        try FileManager.default.createDirectory(atPath: folder.path(name.text), withIntermediateDirectories: false)
        #expect(throws: OTLPSpoolError.system(call: "renameat", code: 21)) {
            _ = try spool.replace(claim, header, with: try halves())
        }
        #expect(folder.names == [name.text])
    }

    @Test("wait for no other process that has the folder")
    func busy() throws {
        let (folder, spool) = try folder()
        let name = try #require(spool.all.first)
        let other = try folder.spool()
        try other.folder.handle.lock()
        #expect(throws: OTLPSpoolError.busy) { try replace(spool, name) }
        #expect(folder.names == [name.text])
        other.folder.handle.unlock()
        _ = try replace(spool, name)
        #expect(folder.names.count == 2)
    }

    @Test("are for others when they are released, under the name of the whole too")
    func released() throws {
        let (folder, spool) = try folder()
        let name = try #require(spool.all.first)
        let claim = try claim(name, spool)
        let other = try folder.spool()
        #expect(other.claim(name).isBusy)
        _ = try spool.replace(claim, try claim.read().header, with: try halves())
        // The whole is still locked, but nobody gets at it any more.
        let half = try self.claim(name, other)
        #expect(try half.read().header.recordCount < 5)
        withExtendedLifetime(claim) {}
    }
}
