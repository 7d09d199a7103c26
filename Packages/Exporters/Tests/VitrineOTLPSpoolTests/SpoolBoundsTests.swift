// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import Testing
import VitrineOTLP
import VitrineObservability

@testable import VitrineOTLPSpool

@Suite("The bounds of the spool")
struct SpoolBoundsTests {
    /// A body whose file has 100 bytes.
    private static func text(_ letter: Character) -> String { String(repeating: letter, count: 60) }

    @Test("the oldest files go when there are too many bytes, whoever wrote them")
    func bytes() throws {
        let folder = try TestFolder()
        let other = try folder.spool()
        try other.add(Self.text("a"), .logs, recordCount: 7, second: 1)
        try other.add(Self.text("b"), .traces, recordCount: 5, second: 2)
        let spool = try folder.spool { $0.byteCount = 250 }
        #expect(try spool.add(Self.text("c"), second: 3) == [SpoolLoss(signal: .logs, recordCount: 7)])
        #expect(try spool.texts == [Self.text("b"), Self.text("c")])
        #expect(try spool.add(Self.text("d"), second: 4) == [SpoolLoss(signal: .traces, recordCount: 5)])
        #expect(try spool.texts == [Self.text("c"), Self.text("d")])
    }

    @Test("the oldest files go when there are too many")
    func files() throws {
        let folder = try TestFolder()
        let spool = try folder.spool { $0.fileCount = 3 }
        for second in 1...10 { try spool.add("\(second)", second: UInt64(second)) }
        #expect(try spool.texts == ["8", "9", "10"])
    }

    @Test("what cannot be sent goes before what can, and what is not ours stays and does not count")
    func order() throws {
        let folder = try TestFolder()
        let spool = try folder.spool { $0.fileCount = 3 }
        try spool.add("old", second: 1)
        try folder.put(TestFolder.name(9, .aside).text, [1])
        try folder.put(TestFolder.name(9, .draft).text, [1])
        for number in 0..<5 { try folder.put("foreign\(number)", [1, 2, 3]) }
        #expect(try spool.add("new", second: 10) == [SpoolLoss(signal: nil, recordCount: 0)])
        #expect(try spool.add("newer", second: 11) == [SpoolLoss(signal: nil, recordCount: 0)])
        #expect(try spool.texts == ["old", "new", "newer"])
        #expect(folder.names.count == 3 + 5)
    }

    @Test("a file that somebody is sending is not dropped: there is no room instead")
    func full() throws {
        let folder = try TestFolder()
        let spool = try folder.spool { $0.fileCount = 2 }
        try spool.add("a", second: 1)
        try spool.add("b", second: 2)
        let names = try spool.all
        let first = try #require(spool.claim(names[0]).claimed)
        #expect(try folder.spool { $0.fileCount = 2 }.add("c", second: 3).count == 1)
        #expect(try spool.texts == ["c"])
        let second = try #require(spool.claim(try spool.all[1]).claimed)
        #expect(throws: OTLPSpoolError.full) { try spool.add("d", second: 4) }
        withExtendedLifetime((first, second)) {}
        #expect(folder.names.count == 2)
    }

    @Test("a body is refused that alone is more than a file, or all files, may have")
    func tooLarge() throws {
        let folder = try TestFolder()
        #expect(throws: OTLPSpoolError.tooLarge(byteCount: 100)) {
            try folder.spool { $0.fileByteCount = 99 }.add(Self.text("x"))
        }
        #expect(throws: OTLPSpoolError.tooLarge(byteCount: 100)) {
            try folder.spool { $0.byteCount = 99 }.add(Self.text("x"))
        }
        #expect(throws: OTLPSpoolError.tooLarge(byteCount: 41)) { try folder.spool { $0.fileCount = 0 }.add("x") }
        try folder.spool {
            $0.fileByteCount = 100
            $0.byteCount = 100
        }.add(Self.text("x"))
        #expect(folder.names.count == 1)
    }

    @Test("what stands in the way and is no file is counted, and removed if it can be")
    func obstacles() throws {
        let folder = try TestFolder()
        let spool = try folder.spool { $0.fileCount = 2 }
        let files = FileManager.default
        try files.createSymbolicLink(atPath: folder.path(TestFolder.name(1).text), withDestinationPath: "/")
        try files.createDirectory(
            atPath: folder.path(TestFolder.name(2).text), withIntermediateDirectories: false)
        #expect(try spool.add("a", second: 3).count == 1)
        #expect(try spool.add("b", second: 4).count == 1)
        #expect(folder.names.count == 2)
        #expect(folder.names[0] == TestFolder.name(2).text)
    }

    @Test("while another process has the folder there is nothing but waiting, and that ends")
    func busy() throws {
        let folder = try TestFolder()
        let spool = try folder.spool()
        let other = try folder.spool()
        try other.folder.handle.lock()
        #expect(throws: OTLPSpoolError.busy) { try spool.add("x") }
        #expect(throws: OTLPSpoolError.busy) { try spool.all }
        other.folder.handle.unlock()
        try spool.add("x")
        #expect(try spool.texts == ["x"])
    }
}
