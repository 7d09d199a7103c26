// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing
import VitrineLogWriters
import VitrineObservability

@Suite("TreeWriterLimits")
struct TreeWriterLimitsTests {
    private let recording = Recording()

    private func writer(_ limits: TreeWriterLimits) -> TreeWriter {
        TreeWriter(limits: limits) { [recording] in recording.sink($0) }
    }

    @Test("a full tree counts what it drops, and so do the children of dropped spans")
    func fullTree() {
        let writer = writer(TreeWriterLimits(recordsPerTree: 3))
        writer.spanDidStart(Sample.span(1, "root"))
        for id: UInt64 in 2...6 {
            writer.spanDidStart(Sample.span(id, "child", parent: id - 1))
        }
        writer.eventDidOccur(Sample.event("too much", in: 1))
        writer.eventDidOccur(Sample.event("in a dropped span", in: 6))
        for id: UInt64 in (2...6).reversed() {
            writer.spanDidEnd(Sample.span(id, "child", parent: id - 1, to: 1))
        }
        writer.spanDidEnd(Sample.span(1, "root", to: 1))
        #expect(recording.all.count == 1)
        #expect(recording.lines[0].contains("3 spans"))
        #expect(recording.text.contains("… 4 records dropped: the tree was full"))
        #expect(writer.losses.eventCount == 2)
        #expect(writer.losses.spanCount == 3)
    }

    @Test("no more trees are open than allowed: the oldest is printed as far as it has come, and counted")
    func treeCount() throws {
        let writer = writer(TreeWriterLimits(openTreeCount: 2))
        for id: UInt64 in 1...4 {
            writer.spanDidStart(Sample.span(id, "root \(id)"))
            writer.eventDidOccur(Sample.event("event \(id)", in: id))
        }
        try #require(recording.all.count == 2)
        #expect(recording.all[0].contains("root 1  (still open)") && recording.all[0].contains("• event 1"))
        #expect(recording.all[1].contains("root 2  (still open)") && recording.all[1].contains("• event 2"))
        #expect(writer.losses.evictedTreeCount == 2)
        for id: UInt64 in 1...4 { writer.spanDidEnd(Sample.span(id, "root \(id)", to: 1)) }
        #expect(recording.all.count == 6)
        #expect(recording.all.dropFirst(2).allSatisfy { !$0.contains("still open") })
        writer.eventDidOccur(Sample.event("late", in: 1))
        #expect(writer.losses.eventCount == 1)
        #expect(writer.losses.spanCount == 0)
        writer.spanDidStart(Sample.span(5, "root 5"))
        writer.spanDidEnd(Sample.span(5, "root 5", to: 1))
        #expect(recording.all.count == 7)
        #expect(writer.losses.evictedTreeCount == 2)
    }

    @Test("roots that never end do not keep later trees out, by their number or by their records")
    func endlessRoots() throws {
        let byNumber = TreeWriterLimits(openTreeCount: 4)
        for limits in [byNumber, TreeWriterLimits(recordsPerTree: 3, recordCount: 12)] {
            let writer = writer(limits)
            for id: UInt64 in 1...4 {
                writer.spanDidStart(Sample.span(100 * id, "endless"))
                for child: UInt64 in 1...2 {
                    writer.spanDidStart(Sample.span(100 * id + child, "child", parent: 100 * id))
                }
            }
            let before = recording.all.count
            writer.spanDidStart(Sample.span(1, "later"))
            writer.spanDidStart(Sample.span(2, "inside", parent: 1))
            writer.eventDidOccur(Sample.event("told", in: 2))
            writer.spanDidEnd(Sample.span(2, "inside", parent: 1, to: 1))
            writer.spanDidEnd(Sample.span(1, "later", to: 2))
            try #require(recording.all.count == before + 2)
            #expect(recording.all[before].contains("3 spans"))
            #expect(recording.all.last?.contains("2 spans · 1 event") == true)
            var losses = TreeWriterLosses()
            losses.evictedTreeCount = 1
            #expect(writer.losses == losses)
        }
    }

    @Test("a tree that grows beyond the records of all makes the oldest other go, and then drops")
    func growingTree() throws {
        let writer = writer(TreeWriterLimits(recordCount: 3))
        for id: UInt64 in 1...3 { writer.spanDidStart(Sample.span(id, "root \(id)")) }
        for _ in 0..<3 { writer.eventDidOccur(Sample.event("e", in: 1)) }
        try #require(recording.all.count == 2)
        #expect(recording.all[0].contains("root 2") && recording.all[1].contains("root 3"))
        #expect(writer.losses.evictedTreeCount == 2)
        #expect(writer.losses.eventCount == 1)
    }

    @Test("a child of a span whose tree had to make room starts a tree of its own")
    func childOfEvicted() throws {
        let writer = writer(TreeWriterLimits(openTreeCount: 1))
        writer.spanDidStart(Sample.span(1, "endless"))
        writer.spanDidStart(Sample.span(2, "endless too"))
        writer.spanDidStart(Sample.span(3, "child", parent: 1))
        writer.spanDidEnd(Sample.span(3, "child", parent: 1, to: 1))
        try #require(recording.all.count == 3)
        #expect(recording.all[2].contains("1 span · below span 0000000000000001"))
        #expect(writer.losses.evictedTreeCount == 2)
        writer.spanDidEnd(Sample.span(2, "endless too", to: 1))
        #expect(recording.all.count == 4)
    }

    @Test("without room for any tree only ends are shown")
    func noTrees() {
        for limits in [TreeWriterLimits(openTreeCount: 0), TreeWriterLimits(recordCount: -1)] {
            let writer = writer(limits)
            let before = recording.all.count
            writer.spanDidStart(Sample.span(1, "root"))
            #expect(recording.all.count == before)
            writer.spanDidEnd(Sample.span(1, "root", to: 1))
            #expect(recording.all.count == before + 1)
            #expect(writer.losses == TreeWriterLosses())
        }
    }

    @Test("the records of all trees together are bounded, and given back when a tree is printed")
    func recordCount() {
        let writer = writer(TreeWriterLimits(recordCount: 3))
        for round in 1...3 {
            writer.spanDidStart(Sample.span(1, "root"))
            for _ in 0..<5 { writer.eventDidOccur(Sample.event("e", in: 1)) }
            writer.spanDidEnd(Sample.span(1, "root", to: 1))
            #expect(writer.losses.eventCount == 3 * round)
        }
        #expect(recording.all.allSatisfy { $0.contains("2 events") })
    }

    @Test("long texts are cut at a character")
    func texts() {
        let writer = writer(TreeWriterLimits(textByteCount: 4, fieldsPerRecord: 1))
        writer.spanDidStart(Sample.span(1, "aaaé"))
        writer.spanDidEnd(Sample.span(1, "aaaéé", to: 1, [Field("k", "12345"), Field("l", 1)]))
        #expect(recording.lines[1].hasSuffix("aaa… (4 bytes more)  k=\"1234… (1 bytes more)\""))
    }

    @Test("arrays are cut by the bytes of all their elements, and say how many are missing")
    func arrays() {
        let writer = writer(TreeWriterLimits(textByteCount: 40))
        func show(_ value: FieldValue) -> String {
            writer.eventDidOccur(Sample.event("m", in: nil, [Field("k", value)]))
            return String(recording.all.last?.split(separator: "k=").last?.dropLast() ?? "")
        }
        #expect(show(.strings(["ab", "cd"])) == #"["ab","cd"]"#)
        #expect(show(.strings(["ab", "cd", "ef"])) == #"["ab","cd","… (1 elements more)"]"#)
        #expect(show(.strings([String](repeating: "", count: 1_000))) == #"["","","… (998 elements more)"]"#)
        #expect(show(.strings([String(repeating: "x", count: 25)])) == #"["… (1 elements more)"]"#)
        #expect(show(.int64s([1, 2, 3, 4, 5])) == "[1,2,3,4,5]")
        #expect(show(.int64s([1, 2, 3, 4, 5, 6])) == #"["1","2","3","4","5","… (1 elements more)"]"#)
        #expect(
            show(.doubles([Double](repeating: 0.5, count: 100_000))).hasSuffix(#""0.5","… (99995 elements more)"]"#))
        #expect(show(.bools([Bool](repeating: true, count: 40))).hasSuffix("true,true]"))
        #expect(show(.bools([Bool](repeating: true, count: 41))).hasSuffix(#""true","… (1 elements more)"]"#))
    }

    @Test("deep nesting is shown without growing with the square of the depth")
    func depth() {
        let writer = writer(TreeWriterLimits())
        let depth: UInt64 = 4_000
        writer.spanDidStart(Sample.span(1, "s"))
        for id in 2...depth { writer.spanDidStart(Sample.span(id, "s", parent: id - 1)) }
        for id in (2...depth).reversed() { writer.spanDidEnd(Sample.span(id, "s", parent: id - 1, to: 1)) }
        writer.spanDidEnd(Sample.span(1, "s", to: 1))
        #expect(recording.lines.count == Int(depth) + 3)
        #expect(recording.lines.allSatisfy { $0.unicodeScalars.count < 200 })
    }

    @Test("a tree comes in one piece from each of eight threads")
    func concurrency() async {
        let writer = writer(TreeWriterLimits())
        await Telemetry.withSubscriber(writer) {
            await withTaskGroup(of: Void.self) { group in
                for thread in 0..<8 {
                    group.addTask {
                        for _ in 0..<50 {
                            await withSpan("root", [Field("thread", thread)]) {
                                await Task.yield()
                                withSpan("child", [Field("thread", thread)]) { event("e \(thread)") }
                            }
                        }
                    }
                }
            }
        }
        #expect(recording.all.count == 400)
        for text in recording.all {
            let lines = text.split(separator: "\n")
            #expect(lines.count == 4)
            #expect(lines[0].contains("2 spans · 1 event"))
            #expect(Set(lines.dropFirst().compactMap(\.last)).count == 1)
        }
        #expect(writer.losses == TreeWriterLosses())
    }
}
