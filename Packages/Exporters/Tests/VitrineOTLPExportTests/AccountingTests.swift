// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing
import VitrineOTLP
import VitrineObservability

@testable import VitrineOTLPExport

/// SplitMix64 (Steele, Lea and Flood, 2014).
private struct Chance: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }

    mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &self) }
}

@Suite("OTLP export, accounting")
struct AccountingTests {
    @Test("has each record sent once or dropped for a reason, whatever receivers answer", arguments: 1...150)
    func random(seed: UInt64) throws {
        var chance = Chance(state: seed)
        var answers: [ScriptedTransport.Answer] = []
        for _ in 0..<chance.below(60) {
            switch chance.below(9) {
            case 0: answers.append(.down)
            case 1: answers.append(.failure(.timeout))
            case 2: answers.append(.status([429, 502, 503, 504][chance.below(4)]))
            case 3: answers.append(.status(503, retryAfter: ["3", "x", "999"][chance.below(3)]))
            case 4: answers.append(.status(413))
            case 5: answers.append(.status([301, 400, 401, 404, 500][chance.below(5)]))
            case 6: answers.append(.partial(UInt8(chance.below(6))))
            default: answers.append(.status(200))
            }
        }
        let rig = try Rig(answers) {
            $0.spans.recordCount = 1 + chance.below(20)
            $0.spans.batchRecordCount = 1 + chance.below(8)
            $0.logs.recordCount = 1 + chance.below(20)
            $0.spans.byteCount = 2_000 + chance.below(6_000)
            $0.retry.maximumElapsedMilliseconds = UInt32(chance.below(20_000))
        }
        var spanCount = 0
        var logCount = 0
        for _ in 0..<60 {
            switch chance.below(6) {
            case 0, 1:
                let count = chance.below(6)
                rig.addSpans(spanCount..<spanCount + count, text: String(repeating: "x", count: chance.below(300)))
                spanCount += count
            case 2:
                let count = chance.below(6)
                rig.addLogs(logCount..<logCount + count)
                logCount += count
            case 3: rig.clock.advance(milliseconds: UInt64(chance.below(4_000)))
            case 4: rig.pipeline.want()
            default: _ = rig.pipeline.step(rig.pipeline.works[chance.below(2)])
            }
            expectBalance(rig.spans, spanCount)
            expectBalance(rig.logs, logCount)
        }
        rig.pipeline.beginShutdown(until: rig.clock.now + UInt64(chance.below(60)) * 1_000_000_000)
        #expect(rig.runAll() == .finish)
        let report = rig.pipeline.endShutdown()
        for (counts, count, requests, signal) in [
            (report.spans, spanCount, rig.sentSpans, "traces"), (report.logs, logCount, rig.sentLogs, "logs"),
        ] {
            expectBalance(counts, count)
            #expect(counts.heldCount == 0)
            #expect(counts.heldByteCount == 0)
            #expect(rig.metric("otlp_export_held_records", ["signal": signal]) == 0)
            #expect(rig.metric("otlp_export_sent_records_total", ["signal": signal]) == Int64(counts.sentCount))
            for reason in OTLPDropReason.allCases {
                #expect(
                    rig.metric("otlp_export_dropped_records_total", ["signal": signal, "reason": reason.rawValue])
                        == Int64(counts.droppedCounts[reason] ?? 0))
            }
            // Records first go out in the order in which they came, and none twice but in a request that is made again.
            var seen: Set<Int> = []
            let firsts = requests.flatMap { $0 }.filter { seen.insert($0).inserted }
            #expect(firsts == firsts.sorted())
        }
    }

    private func expectBalance(_ counts: OTLPExportCounts, _ count: Int) {
        #expect(counts.sentCount + counts.droppedCount + counts.heldCount == count)
    }

    @Test("is of what the receiver really took", arguments: 1...60)
    func taken(seed: UInt64) throws {
        var chance = Chance(state: seed &+ 1_000)
        let codes = (0..<40).map { _ in [200, 200, 413, 503, 400][chance.below(5)] }
        let rig = try Rig(codes.map { .status($0) }) { $0.spans.batchRecordCount = 1 + chance.below(8) }
        let count = 1 + chance.below(60)
        rig.addSpans(0..<count)
        rig.pipeline.want()
        #expect(rig.runAll() == .wait(until: nil))
        var taken: [Int] = []
        var lost = 0
        for (index, request) in rig.sentSpans.enumerated() {
            switch index < codes.count ? codes[index] : 200 {
            case 200: taken += request
            case 400: lost += request.count
            case 413 where request.count == 1: lost += 1
            default: break
            }
        }
        #expect(taken == Set(taken).sorted())
        #expect(rig.spans.sentCount == taken.count)
        #expect(rig.spans.droppedCount == lost)
        #expect(taken.count + lost == count)
    }
}
