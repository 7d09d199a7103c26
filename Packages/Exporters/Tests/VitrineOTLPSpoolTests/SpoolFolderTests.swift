// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import Glibc
import Testing
import VitrineOTLP
import VitrineObservability

@testable import VitrineOTLPSpool

@Suite("The folder of the spool")
struct SpoolFolderTests {
    private func failure(_ path: String) -> OTLPSpoolError? {
        do throws(OTLPSpoolError) {
            _ = try OTLPSpool(path: path)
            return nil
        } catch {
            return error
        }
    }

    @Test("it and its files are for their owner alone")
    func permissions() throws {
        let folder = try TestFolder()
        try folder.spool().add("x")
        #expect(try folder.permissions(folder.path) == 0o700)
        #expect(try folder.permissions(folder.path(try #require(folder.names.first))) == 0o600)
        #expect(folder.names.count == 1)
    }

    @Test("it is made in a folder that is there, and only there")
    func missing() throws {
        let folder = try TestFolder()
        #expect(failure(folder.path) == nil)
        #expect(failure(folder.path) == nil)
        #expect(failure(folder.path("a/b")) == .system(call: "mkdir", code: ENOENT))
        #expect(failure("") == .invalidPath)
        #expect(failure("a\0b") == .invalidPath)
    }

    @Test(
        "what is wrong with it is told in words, with what helps",
        arguments: [
            (
                OTLPSpoolError.system(call: "mkdir", code: ENOENT),
                "the folder cannot be made: the one that it is to be in does not exist"
            ),
            (.system(call: "mkdir", code: EACCES), "the folder cannot be made: Permission denied"),
            (
                .system(call: "open", code: ENOTDIR),
                "its path leads to a file or a symbolic link, not to a folder"
            ),
            (
                .openFolder(permissions: 0o40_777),
                "others may write into the folder, whose permissions are 0777: take that from them by chmod go-w"
            ),
        ])
    func words(error: OTLPSpoolError, text: String) {
        #expect(error.description == text)
    }

    @Test("what is a file, a link, or open to others is refused")
    func refused() throws {
        let folder = try TestFolder()
        let files = FileManager.default
        #expect(files.createFile(atPath: folder.parent + "/file", contents: nil))
        #expect(failure(folder.parent + "/file") == .system(call: "open", code: ENOTDIR))
        try files.createSymbolicLink(atPath: folder.parent + "/link", withDestinationPath: folder.parent)
        #expect(failure(folder.parent + "/link") == .system(call: "open", code: ENOTDIR))
        for mode in [0o777, 0o770, 0o702] {
            let path = folder.parent + "/open\(mode)"
            try files.createDirectory(atPath: path, withIntermediateDirectories: false)
            try files.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
            #expect(failure(path) == .openFolder(permissions: UInt32(mode)))
        }
        // Nobody but root can make one of somebody else; but everybody has seen the folder of root.
        if geteuid() != 0 { #expect(failure("/") == .foreignFolder(userID: 0)) }
    }

    @Test("what is kept waits, the oldest first, and what is not leaves nothing")
    func drafts() throws {
        let folder = try TestFolder()
        let spool = try folder.spool()
        try spool.add("late", second: 3)
        try spool.add("early", second: 1)
        do {
            let draft = try spool.draft(
                .traces, recordCount: 1, body: [1, 2], time: Timestamp(nanosecondsSinceEpoch: 0), isOver: { true },
                dropped: { _ in })
            #expect(folder.names.count == 3)
            #expect(try spool.all.count == 2)
            // It has a writer: it is not taken for a remainder.
            #expect(folder.names.count == 3)
            _ = consume draft
        }
        #expect(folder.names.count == 2)
        #expect(try spool.texts == ["early", "late"])
        try spool.synchronize()
    }

    @Test("what a process that died left half-written is removed")
    func remainders() throws {
        let folder = try TestFolder()
        let spool = try folder.spool()
        try folder.put(TestFolder.name(1, .draft).text, [1, 2, 3])
        try folder.put("mine", [1])
        #expect(try spool.all == [])
        #expect(folder.names == ["mine"])
    }

    @Test("what lies aside goes when it is old")
    func aside() throws {
        let folder = try TestFolder()
        let spool = try folder.spool { $0.ageSeconds = 10 }
        try folder.put(TestFolder.name(1, .aside).text, [1])
        try folder.put(TestFolder.name(5, .aside).text, [1])
        _ = try spool.waiting(now: Timestamp(nanosecondsSinceEpoch: 12_000_000_000))
        #expect(folder.names == [TestFolder.name(5, .aside).text])
    }

    @Test("a name that is taken while nobody looks is not followed or written over")
    func taken() throws {
        let folder = try TestFolder()
        let spool = try folder.spool()
        let name = TestFolder.name(1, .draft)
        try FileManager.default.createSymbolicLink(
            atPath: folder.path(name.text), withDestinationPath: folder.parent + "/elsewhere")
        #expect(throws: SpoolCallError(call: "openat", code: EEXIST)) { try spool.folder.create(name) }
        #expect(!FileManager.default.fileExists(atPath: folder.parent + "/elsewhere"))
    }

    @Test("no descriptor is left behind")
    func descriptors() throws {
        let folder = try TestFolder()
        func count() throws -> Int {
            try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count { number in
                let target = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/" + number)
                return target?.hasPrefix(folder.parent) == true
            }
        }
        do {
            let spool = try folder.spool()
            for second in 1...20 { try spool.add("x", second: UInt64(second)) }
            // A child that another test forks has our locks, too, until it ends.
            var tryCount = 0
            while tryCount < 300_000, try spool.texts.count < 20 {
                usleep(1_000)
                tryCount += 1
            }
            #expect(try spool.texts.count == 20)
            try folder.put(TestFolder.name(99).text, [1])
            #expect(throws: OTLPSpoolFileError.truncated(byteCount: 1)) {
                try spool.claim(TestFolder.name(99)).claimed?.read()
            }
            #expect(try count() == 1)
        }
        #expect(try count() == 0)
    }
}
