// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import Glibc
import Testing
import VitrineObservability

@testable import VitrineOTLPSpool

@Suite("Claims of files of the spool")
struct SpoolClaimTests {
    @Test("a file is one's own until it is let go")
    func exclusive() throws {
        let folder = try TestFolder()
        let spool = try folder.spool()
        let other = try folder.spool()
        try spool.add("x")
        let name = try #require(try spool.all.first)
        var claim = spool.claim(name).claimed
        #expect(claim != nil)
        #expect(spool.claim(name).isBusy)
        #expect(other.claim(name).isBusy)
        claim = nil
        #expect(other.claim(name).claimed != nil)
    }

    @Test("a file that was removed is gone, for one who had opened it before as well")
    func gone() throws {
        let folder = try TestFolder()
        let spool = try folder.spool()
        try spool.add("x")
        let name = try #require(try spool.all.first)
        try #require(spool.claim(name).claimed).remove()
        #expect(spool.claim(name).isGone)
        #expect(folder.names.isEmpty)
    }

    @Test("what is no file is moved aside and not followed")
    func obstacles() throws {
        let folder = try TestFolder()
        let spool = try folder.spool()
        let files = FileManager.default
        try Data(TestFolder.file("secret")).write(to: URL(fileURLWithPath: folder.parent + "/target"))
        try files.createSymbolicLink(
            atPath: folder.path(TestFolder.name(1).text), withDestinationPath: folder.parent + "/target")
        try files.createDirectory(
            atPath: folder.path(TestFolder.name(2).text), withIntermediateDirectories: false)
        // SAFETY: the path is a C string for the call.
        #expect(unsafe mkfifo(folder.path(TestFolder.name(3).text), 0o600) == 0)
        for second in 1...3 as ClosedRange<UInt64> {
            #expect(spool.claim(TestFolder.name(second)).error == .notAFile)
            #expect(folder.names.contains(TestFolder.name(second, .aside).text))
        }
        #expect(try spool.all == [])
        #expect(files.fileExists(atPath: folder.parent + "/target"))
    }

    @Test("a file that has too many bytes is moved aside unread")
    func tooLarge() throws {
        let folder = try TestFolder()
        let spool = try folder.spool { $0.fileByteCount = 1_000 }
        let name = TestFolder.name(1)
        try folder.put(name.text, [])
        // SAFETY: the path is a C string for the call.
        #expect(unsafe truncate(folder.path(name.text), 1 << 40) == 0)
        #expect(spool.claim(name).error == .tooLarge(byteCount: 1 << 40))
        #expect(folder.names == [TestFolder.name(1, .aside).text])
    }

    @Test("a damaged file can be moved aside by the one who has it")
    func damaged() throws {
        let folder = try TestFolder()
        let spool = try folder.spool()
        let name = TestFolder.name(1)
        try folder.put(name.text, TestFolder.file("x") + [0])
        let claim = try #require(spool.claim(name).claimed)
        #expect(throws: OTLPSpoolFileError.wrongByteCount(expected: 41, actual: 42)) { try claim.read() }
        #expect(claim.setAside())
        #expect(spool.claim(name).isGone)
        #expect(folder.bytes(TestFolder.name(1, .aside).text).count == 42)
    }

    @Test("a file that shrinks while it is one's own is refused")
    func shrinking() throws {
        let folder = try TestFolder()
        let spool = try folder.spool()
        try spool.add("0123456789")
        let name = try #require(try spool.all.first)
        let claim = try #require(spool.claim(name).claimed)
        // SAFETY: the path is a C string for the call.
        #expect(unsafe truncate(folder.path(name.text), 45) == 0)
        #expect(throws: OTLPSpoolFileError.wrongByteCount(expected: 50, actual: 45)) { try claim.read() }
    }
}
