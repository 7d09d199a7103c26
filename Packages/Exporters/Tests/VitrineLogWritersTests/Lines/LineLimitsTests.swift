// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
import Testing
import VitrineObservability

@testable import VitrineLogWriters

@Suite("LineLimits, LineLosses and FileRotation")
struct LineLimitsTests {
    @Test("limits that cannot be are brought to the nearest that can")
    func limits() {
        let low = LineLimits(
            lineByteCount: -1, messageByteCount: -1, valueByteCount: .min, nameByteCount: -5, fieldCount: -1)
        #expect(
            low.checked
                == LineLimits(
                    lineByteCount: 1_024, messageByteCount: 0, valueByteCount: 0, nameByteCount: 0, fieldCount: 0))
        let high = LineLimits(
            lineByteCount: .max, messageByteCount: .max, valueByteCount: .max, nameByteCount: .max, fieldCount: .max)
        let most = LineLimits.maximumLineByteCount
        #expect(
            high.checked
                == LineLimits(
                    lineByteCount: most, messageByteCount: most, valueByteCount: most, nameByteCount: most,
                    fieldCount: most))
        #expect(LineLimits().checked == LineLimits())
    }

    @Test("a writer with no room for text writes lines all the same")
    func nothing() {
        let lines = MemoryLines()
        let none = LineLimits(messageByteCount: 0, valueByteCount: 0, nameByteCount: 0, fieldCount: 0)
        let record = Sample.event("message", in: nil, [Field("k", "v")])
        LineWriter(to: lines, limits: none).eventDidOccur(record)
        JSONLinesWriter(to: lines, limits: none).eventDidOccur(record)
        LogfmtWriter(to: lines, limits: none).eventDidOccur(record)
        let time = "2026-11-22T10:39:29.123456Z"
        #expect(
            lines.text == """
                10:39:29.123 INFO  …: … …
                {"time":"\(time)","level":"info","origin":"host","target":"…","message":"…","fields":{},"cut":true}
                time=\(time) level=info origin=host target="…" msg="…" cut=true

                """)
    }

    @Test("losses are counted by their reasons")
    func losses() {
        var losses = LineLosses()
        for number in [EPIPE, ECONNREFUSED, ENOENT] { losses.add(1, errno: number) }
        for number in [ENOSPC, EDQUOT] { losses.add(10, errno: number) }
        losses.add(100, errno: EAGAIN)
        losses.add(1_000, errno: EIO)
        losses.rotationCount = 10_000
        losses.cutCount = 5
        #expect(losses.closedCount == 3)
        #expect(losses.fullCount == 20)
        #expect(losses.busyCount == 100)
        #expect(losses.otherCount == 1_000)
        #expect(losses.lineCount == 11_123)
        #expect(losses.lastErrno == EIO)
    }

    @Test("a rotation that cannot be is brought to the nearest that can")
    func rotation() {
        let rotation = FileRotation(maximumByteCount: 0, periodSeconds: 0, keptFileCount: -1)
        #expect(rotation.maximumByteCount == FileRotation.minimumByteCount)
        #expect(rotation.keptFileCount == 0)
        #expect(rotation.period(of: 1_000_000) == 0)
        #expect(FileRotation(keptFileCount: .max).keptFileCount == FileRotation.maximumKeptFileCount)
        #expect(FileRotation(periodSeconds: 3_600).period(of: 7_200) == 2)
    }
}
