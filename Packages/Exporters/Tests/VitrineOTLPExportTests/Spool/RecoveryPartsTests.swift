// SPDX-License-Identifier: MIT OR Apache-2.0

import Synchronization
import Testing
import VitrineOTLP
import VitrineOTLPSpool
import VitrineObservability

@testable import VitrineOTLPExport
@testable import VitrineOTLPSpool

@Suite("OTLP export, files that are too large, without room for halves")
struct RecoveryPartsTests {
    /// A full folder with an old file of so many spans, and others.
    private func full(_ count: Int, others: Int = 0) throws -> (SpoolTestFolder, OTLPSpool) {
        let folder = try SpoolTestFolder()
        try folder.add(.traces, try SpoolTestFolder.body(0..<count), recordCount: count, age: 90)
        for _ in 0..<others { try folder.add(.logs, "other", age: 10) }
        return (folder, try folder.spool { ($0.fileCount, $0.ageSeconds) = (1 + others, 100) })
    }

    @Test("go out from memory, push out no other, and stay until all is settled")
    func parts() throws {
        let (folder, spool) = try full(11, others: 2)
        let most = Mutex<[Int]>([])
        let rig = try Rig(
            byteLimit: try SpoolTestFolder.body(0..<3).count + 10, spool: spool,
            whileSending: { _ in most.withLock { $0.append(folder.states.count) } })
        rig.run()
        // What the receiver takes is what the next part has.
        #expect(rig.sentSpans == [Array(0..<11), [0, 1, 2, 3, 4], [0, 1], [2, 3], [4, 5], [6, 7], [8, 9], [10]])
        #expect(most.withLock { $0 } == [3, 3, 3, 3, 3, 3, 3, 3, 2, 1])
        #expect(rig.notices == [.split(.traces, recordCount: 11), .split(.traces, recordCount: 5)])
        #expect(rig.recoveredCounts.sentCount == 13)
        #expect(rig.recoveredCounts.droppedCounts == [:])
        #expect(rig.recoveredCounts.fileCount == 3)
        #expect(folder.states == [])
    }

    @Test("end in counted drops of single records, too")
    func never() throws {
        let (folder, spool) = try full(20)
        let rig = try Rig(then: .status(413), spool: spool)
        rig.run()
        #expect(rig.recoveredCounts.droppedCounts == [.tooLarge: 20])
        #expect(rig.recoveredCounts.fileCount == 1)
        // 20, 10, 5, 2, and each alone.
        #expect(rig.transport.requests.count == 24)
        #expect(folder.states == [])
    }

    @Test("are settled part by part, as the receiver says")
    func settled() throws {
        let (folder, spool) = try full(8)
        let rig = try Rig(
            [.status(413), .status(413), .partial(1, "no"), .status(503), .status(200), .status(400)], spool: spool)
        rig.run()
        rig.clock.advance(milliseconds: 1_000)
        rig.run()
        #expect(
            rig.sentSpans == [
                Array(0..<8), [0, 1, 2, 3], [0, 1], [2, 3], [2, 3], [4, 5], [6, 7],
            ])
        #expect(rig.recoveredCounts.sentCount == 5)
        #expect(rig.recoveredCounts.droppedCounts == [.rejected: 1, .refused: 2])
        #expect(rig.recoveredCounts.retryCount == 1)
        #expect(folder.states == [])
    }

    @Test("get too old with what is left of them")
    func age() throws {
        let (folder, spool) = try full(8)
        let rig = try Rig([.status(413), .status(200), .down], spool: spool)
        rig.run()
        rig.clock.advance(milliseconds: 11_000)
        rig.run()
        #expect(rig.recoveredCounts.sentCount == 4)
        #expect(rig.recoveredCounts.droppedCounts == [.spoolExpired: 4])
        #expect(folder.states == [])
    }

    @Test("are whole for the next process if this one ends: that sends some twice, and loses none")
    func nextProcess() throws {
        let (folder, spool) = try full(8)
        let rig = try Rig([.status(413), .status(200), .down], spool: spool)
        rig.run()
        rig.pipeline.beginShutdown(until: rig.clock.now)
        _ = rig.pipeline.endShutdown()
        #expect(folder.states == ["otlp"])
        let next = try Rig(spool: try folder.spool())
        next.run()
        #expect(next.sentSpans == [Array(0..<8)])
    }

    @Test("go out from memory where the spool fails, which is told")
    func failing() throws {
        let folder = try SpoolTestFolder()
        try folder.add(.traces, try SpoolTestFolder.body(0..<4), recordCount: 4)
        let rig = try Rig([.status(413)], spool: try folder.spool(), whileSending: { _ in try? folder.blockFiles() })
        rig.run()
        #expect(rig.sentSpans == [[0, 1, 2, 3], [0, 1], [2, 3]])
        let failures = rig.notices.count {
            if case .spoolFailed(.system(call: "renameat", _)) = $0 { true } else { false }
        }
        #expect(failures == 1)
        #expect(rig.recoveredCounts.sentCount == 4)
    }

    @Test("go out from memory while another process has the folder to itself")
    func busy() throws {
        let folder = try SpoolTestFolder()
        try folder.add(.traces, try SpoolTestFolder.body(0..<4), recordCount: 4)
        let other = try folder.spool()
        let rig = try Rig(
            [.status(413)], spool: try folder.spool(), whileSending: { _ in try? other.folder.handle.lock() })
        rig.run()
        other.folder.handle.unlock()
        #expect(rig.sentSpans == [[0, 1, 2, 3], [0, 1], [2, 3]])
        #expect(rig.notices == [.split(.traces, recordCount: 4)])
        #expect(folder.states == [])
    }
}
