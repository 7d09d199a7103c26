// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
import Testing
import VitrineOTLP
import VitrineObservability

@testable import VitrineOTLPSpool

/// Each test is a process of its own, which makes others.
@Suite("Processes that take files of a spool apart")
struct SpoolSplittingProcessTests {
    @Test("have each record once, however many there are at it")
    func sharing() async {
        await #expect(processExitsWith: .success) {
            let folder = try TestFolder()
            try folder.spool().add(SpoolSplittingTests.body(Array(1...40)), .logs, recordCount: 40)
            let children = (0..<3).map { _ in
                startChild {
                    guard let own = try? folder.spool() else { return 1 }
                    return splitAll(own) { appendLine(Array("\($0)".utf8), to: folder.parent + "/sent") }
                }
            }
            for child in children { #expect(end(of: child) == 0) }
            #expect(folder.names == [])
            #expect(lines(of: folder.parent + "/sent").compactMap(Int.init).sorted() == Array(1...40))
        }
    }

    @Test("and are killed lose nothing, and leave what they split last twice at most", arguments: [1, 2, 5, 9, 20])
    func killed(fileCount: Int) async {
        await #expect(processExitsWith: .success) { [fileCount] in
            let folder = try TestFolder()
            let spool = try folder.spool()
            try spool.add(SpoolSplittingTests.body(Array(1...40)), .logs, recordCount: 40)
            let child = startChild {
                guard let own = try? folder.spool() else { return 1 }
                return splitAll(own) { _ in pause() }
            }
            while folder.names.count < min(fileCount, 5) { usleep(100) }
            // At another place each time.
            usleep(UInt32(fileCount) * 50)
            kill(child, SIGKILL)
            #expect(end(of: child) == SIGKILL)
            var counts: [UInt8: Int] = [:]
            for name in try spool.all {
                let file = try #require(spool.claim(name).claimed).read()
                let body = try OTLPRequestBody(reading: file.body, of: .logs)
                #expect(body.recordCount == file.header.recordCount)
                for record in body.bytes.suffix(3 * body.recordCount).enumerated() where record.offset % 3 == 2 {
                    counts[record.element, default: 0] += 1
                }
            }
            #expect(counts.keys.sorted() == Array(1...40))
            #expect(counts.values.allSatisfy { $0 <= 2 })
            // What was being written is gone.
            #expect(try folder.names.count == spool.all.count)
        }
    }
}

/// Takes files apart until there is none; of single records it says which they are.
private func splitAll(_ spool: OTLPSpool, _ send: (UInt8) -> Void) -> Int32 {
    while true {
        guard let names = try? spool.folder.names() else { return 2 }
        if names.isEmpty { return 0 }
        // Those that are being written are not ours.
        for name in names where name.state == .waiting {
            guard case .claimed(let claim) = spool.claim(name), let file = try? claim.read() else { continue }
            guard let body = try? OTLPRequestBody(reading: file.body, of: .logs), let record = body.bytes.last
            else { return 3 }
            if let halves = body.halves {
                do throws(OTLPSpoolError) { _ = try spool.replace(claim, file.header, with: halves) } catch {
                    if error != .busy { return 4 }
                }
            } else {
                send(record)
                guard (try? claim.remove()) != nil else { return 5 }
            }
        }
    }
}
