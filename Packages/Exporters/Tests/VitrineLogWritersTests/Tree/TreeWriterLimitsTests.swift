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

    @Test("no more trees are open than allowed; a root beyond that is shown alone")
    func treeCount() {
        let writer = writer(TreeWriterLimits(openTreeCount: 2))
        for id: UInt64 in 1...4 { writer.spanDidStart(Sample.span(id, "root \(id)")) }
        for id: UInt64 in 1...4 { writer.spanDidEnd(Sample.span(id, "root \(id)", to: 1)) }
        #expect(recording.all.count == 4)
        #expect(writer.losses.spanCount == 0)
        writer.spanDidStart(Sample.span(5, "root 5"))
        writer.spanDidEnd(Sample.span(5, "root 5", to: 1))
        #expect(recording.all.count == 5)
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
