// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing
import VitrineObservability
import VitrineTimelines

/// Slices of a lane are inside or outside of each other, whatever happens.
@Suite("Lanes of timelines")
struct LaneTests {
    /// Name, lane and depth of each slice, in order of time, as both formats have them.
    private static func layout(_ steps: () -> Void) throws -> [String] {
        let (chrome, perfetto, losses) = try TimelineFolder.write(steps)
        #expect(losses == [TimelineLosses(), TimelineLosses()])
        let layouts = [chrome.slices, perfetto.slices].map { slices in
            Slice.nested(slices)?.map { "\($0.name) \($0.lane.last ?? "?") \($0.depth)" } ?? ["not nested"]
        }
        #expect(layouts[0] == layouts[1])
        return layouts[0]
    }

    @Test("children are inside of their parent, and a lane is used again")
    func sequence() throws {
        let layout = try Self.layout {
            let root = MadeSpan("root", at: 0)
            let first = MadeSpan("first", in: root, at: 10)
            MadeSpan("inner", in: first, at: 20).end(at: 30)
            first.end(at: 40)
            MadeSpan("second", in: root, at: 40).end(at: 50)
            root.end(at: 50)
            MadeSpan("next", at: 50).end(at: 60)
        }
        #expect(layout == ["root 1 0", "first 1 1", "inner 1 2", "second 1 1", "next 1 0"])
    }

    @Test("children that run at the same time have lanes of their own, with their children inside of them")
    func concurrency() throws {
        let layout = try Self.layout {
            let root = MadeSpan("root", at: 0)
            let first = MadeSpan("first", in: root, at: 10)
            let second = MadeSpan("second", in: root, at: 15)
            let inner = MadeSpan("inner", in: second, at: 20)
            let other = MadeSpan("other", in: first, at: 25)
            first.end(at: 90)
            inner.end(at: 40)
            other.end(at: 95)
            second.end(at: 80)
            root.end(at: 100)
            MadeSpan("stranger", at: 85).end(at: 99)
        }
        #expect(layout == ["root 1 0", "first 1 1", "second 2 0", "inner 2 1", "other 3 0", "stranger 2 0"])
    }

    @Test("what outlives its parent is moved to another lane, and what ended in it stays")
    func outlives() throws {
        let layout = try Self.layout {
            let root = MadeSpan("root", at: 0)
            let child = MadeSpan("child", in: root, at: 10)
            MadeSpan("inner", in: child, at: 12).end(at: 14)
            let open = MadeSpan("open", in: child, at: 15)
            root.end(at: 20)
            open.end(at: 30)
            child.end(at: 40)
        }
        #expect(layout == ["root 1 0", "child 2 0", "inner 1 1", "open 2 1"])
    }

    @Test("one that says it ended before what is inside of it is moved")
    func endsEarly() throws {
        let layout = try Self.layout {
            let root = MadeSpan("root", at: 0)
            let early = MadeSpan("early", in: root, at: 10)
            MadeSpan("late", in: early, at: 20).end(at: 90)
            early.end(at: 50)
            root.end(at: 100)
        }
        #expect(layout == ["root 1 0", "early 2 0", "late 1 1"])
    }

    @Test("one that starts before its parent is beside it, and one that ends before it starts has no length")
    func wrongTimes() throws {
        let layout = try Self.layout {
            let root = MadeSpan("root", at: 50)
            MadeSpan("before", in: root, at: 40).end(at: 60)
            MadeSpan("backwards", in: root, at: 70).end(at: 60)
            root.end(at: 100)
        }
        #expect(layout == ["before 2 0", "root 1 0", "backwards 1 1"])
    }

    @Test("spans that begin in the same nanosecond are in the file from the outside to the inside")
    func ties() throws {
        var order: [String] = []
        let layout = try Self.layout {
            let root = MadeSpan("root", at: 5)
            let child = MadeSpan("child", in: root, at: 5)
            child.say("said", at: 5)
            let inner = MadeSpan("inner", in: child, at: 5)
            inner.end(at: 5)
            child.end(at: 9)
            MadeSpan("last", in: root, at: 9).end(at: 10)
            root.end(at: 10)
        }
        #expect(layout == ["root 1 0", "child 1 1", "inner 1 2", "last 1 1"])
        let (chrome, perfetto, _) = try TimelineFolder.write {
            let root = MadeSpan("root", at: 5)
            let child = MadeSpan("child", in: root, at: 5)
            child.say("said", at: 5)
            child.end(at: 9)
            root.end(at: 9)
        }
        order = chrome.records.compactMap { ["X", "i"].contains($0["ph"] as? String) ? $0["name"] as? String : nil }
        #expect(order == ["root", "child", "said"])
        #expect(perfetto.slices.map(\.name) == ["root", "child"])
    }

    @Test("a span whose start was not seen is inside of its parent if it can be")
    func unseen() throws {
        let layout = try Self.layout {
            let root = MadeSpan("root", at: 0)
            MadeSpan("seen", in: root, at: 10).end(at: 20)
            MadeSpan("unseen", in: root, at: 30, isTold: false).end(at: 40)
            MadeSpan("overlapping", in: root, at: 35, isTold: false).end(at: 45)
            root.end(at: 50)
        }
        #expect(layout == ["root 1 0", "seen 1 1", "unseen 1 1", "overlapping 2 0"])
    }

    @Test("spans of a guest do not move those of the host, though they come later")
    func guests() throws {
        let layout = try Self.layout {
            let call = MadeSpan("call", at: 0)
            let enter = MadeSpan("enter", in: call, at: 10)
            let request = MadeSpan("request", in: enter, .guest, at: 11)
            let out = MadeSpan("out", in: request, at: 15)
            MadeSpan("inner", in: out, .guest, at: 16).end(at: 17)
            out.end(at: 20)
            request.end(at: 25)
            enter.end(at: 30)
            call.end(at: 40)
        }
        #expect(layout == ["call 1 0", "enter 1 1", "request 1 0", "out 1 2", "inner 1 1"])
    }

    @Test("an open span is there when the file is closed, with those inside of it behind it")
    func open() throws {
        let (chrome, perfetto, losses) = try TimelineFolder.write {
            let root = MadeSpan("root", at: 0)
            _ = MadeSpan("child", in: root, at: 0)
            MadeSpan("done", in: root, at: 5).end(at: 6)
        }
        #expect(losses == [TimelineLosses(), TimelineLosses()])
        for slices in [chrome.slices, perfetto.slices] {
            #expect(slices.filter { $0.end == nil }.map(\.name) == ["root", "child"])
            #expect(slices.filter { $0.end == nil }.allSatisfy { $0.arguments["open"] == "true" })
            #expect(slices.first { $0.name == "done" }?.end == 6)
        }
    }

    @Test("any times of any spans nest, and each span is there once", arguments: 0..<40)
    func random(seed: Int) throws {
        var generator = SeededGenerator(state: UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 | 1)
        var names: [String] = []
        let (chrome, perfetto, losses) = try TimelineFolder.write {
            var open: [MadeSpan] = []
            var clock: UInt64 = 100
            for number in 0..<150 {
                clock += .random(in: 0...2, using: &generator)
                if open.isEmpty || Int.random(in: 0..<100, using: &generator) < 55 {
                    let parent = Bool.random(using: &generator) ? open.randomElement(using: &generator) : open.last
                    let shift: UInt64 = Int.random(in: 0..<10, using: &generator) == 0 ? 9 : 0
                    let origin: SpanOrigin = Int.random(in: 0..<3, using: &generator) == 0 ? .guest : .host
                    open.append(
                        MadeSpan(
                            "span \(number)", in: parent, origin, at: clock - shift,
                            isTold: Int.random(in: 0..<10, using: &generator) > 0))
                } else {
                    let index = Bool.random(using: &generator) ? open.indices.randomElement(using: &generator) : nil
                    let span = open.remove(at: index ?? open.count - 1)
                    let shift: UInt64 = Int.random(in: 0..<10, using: &generator) == 0 ? 9 : 0
                    span.end(at: clock - shift)
                    names.append(span.record.metadata.name)
                }
            }
            for span in open.shuffled(using: &generator) {
                span.end(at: clock)
                names.append(span.record.metadata.name)
            }
        }
        #expect(losses == [TimelineLosses(), TimelineLosses()])
        for slices in [chrome.slices, perfetto.slices] {
            #expect(slices.map(\.name).sorted() == names.sorted())
            #expect(Slice.nested(slices) != nil)
        }
    }
}

/// Numbers that are the same each time.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }
}
