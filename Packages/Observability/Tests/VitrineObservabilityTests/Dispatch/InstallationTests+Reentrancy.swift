// SPDX-License-Identifier: MIT OR Apache-2.0

import Synchronization
import Testing
import VitrineObservability
import VitrineObservabilityTesting

/// A subscriber that does what none should: emits, asks and changes things while it is called.
private final class Meddler: SelectiveSubscriber {
    let alive: Tally?
    /// Called in each event it gets.
    let inEvent: @Sendable () -> Void
    /// Called when it is asked what it wants.
    let inInterest: @Sendable () -> Void
    /// Called when it is to flush.
    let inFlush: @Sendable () -> Void
    private let calls = Atomic<Int>(0)

    /// Whether the subscriber has been released.
    final class Tally: Sendable {
        private let released = Atomic<Bool>(false)
        var isReleased: Bool { released.load(ordering: .relaxed) }
        func release() { released.store(true, ordering: .relaxed) }
    }

    init(
        _ alive: Tally? = nil, inEvent: @escaping @Sendable () -> Void = {},
        inInterest: @escaping @Sendable () -> Void = {}, inFlush: @escaping @Sendable () -> Void = {}
    ) {
        self.alive = alive
        self.inEvent = inEvent
        self.inInterest = inInterest
        self.inFlush = inFlush
    }

    deinit {
        alive?.release()
        // A deinit may tell something, wherever it runs.
        event("released", target: "meddler-deinit")
    }

    var callCount: Int { calls.load(ordering: .relaxed) }
    var maximumLevel: Level { .trace }
    var needs: SubscriberNeeds { .spanStarts }

    func interest(in metadata: Metadata) -> Interest {
        inInterest()
        return metadata.target.hasPrefix("meddler") ? .always : .never
    }

    func isEnabled(_ metadata: Metadata, in context: SpanContext?) -> Bool { metadata.target.hasPrefix("meddler") }
    func spanDidStart(_ span: borrowing SpanView) {}
    func spanDidEnd(_ span: borrowing SpanView) {}
    func eventDidOccur(_ event: borrowing EventView) {
        calls.wrappingAdd(1, ordering: .relaxed)
        inEvent()
    }
    func flush() { inFlush() }
}

extension InstallationTests {
    @Test("a subscriber that emits from a place never seen before is not released under its own feet")
    func replacedInside() {
        let tally = Meddler.Tally()
        let wasReleasedEarly = Box(true)
        do {
            Telemetry.install(
                Meddler(tally) {
                    // Another thread replaces the subscriber while this one is inside it.
                    TestThread { Telemetry.install(InMemorySubscriber()) }.join()
                    event("first and last from here", target: "meddler-inside", level: .debug)
                    event("again", target: "meddler-inside", level: .trace)
                    wasReleasedEarly.value = tally.isReleased
                })
        }
        event("go", target: "meddler")
        #expect(wasReleasedEarly.value == false)
        Telemetry.uninstall()
        #expect(eventually { tally.isReleased })
    }

    @Test(
        "a subscriber that emits, installs or flushes while it is asked what it wants is not heard, and nothing hangs")
    func asked() {
        let meddler = Meddler(inInterest: {
            event("asked", target: "meddler-asked", level: .warn)
            Telemetry.reconsider()
            Telemetry.flush()
        })
        Telemetry.install(meddler)
        event("to be told", target: "meddler")
        Telemetry.reconsider()
        Telemetry.uninstall()
        #expect(meddler.callCount == 1)
        #expect(!CallSite.all.contains { $0.metadata.target == "meddler-asked" })
    }

    @Test("a subscriber that emits or flushes while it flushes does not recurse")
    func flushInside() {
        let count = Box(0)
        let meddler = Meddler(inFlush: {
            count.value += 1
            event("flushing", target: "meddler")
            Telemetry.flush()
        })
        Telemetry.install(meddler)
        Telemetry.flush()
        Telemetry.uninstall()
        #expect(count.value == 1)
        #expect(meddler.callCount == 0)
    }

    @Test("who is told of a span's beginning is told of its end, though the filter has changed")
    func endsAfterAChange() throws {
        let forwarded = InMemorySubscriber()
        let all = InMemorySubscriber()
        let choosy = FilteredSubscriber(TelemetryFilter(upTo: .info), InMemorySubscriber())
        let filtered = FilteredSubscriber(TelemetryFilter(upTo: .trace), forwarded)
        Telemetry.install(FanOut(all, choosy, filtered))
        let metadata = Metadata(name: "made elsewhere", target: "ends", level: .info, kind: .span)
        let context = SpanContext(traceID: .random(), spanID: .random())
        var record = SpanRecord(context: context, parent: nil, metadata: metadata, start: .now)
        let wasWanted = Telemetry.spanDidStart(record)
        let own = Span("own", target: "ends")
        choosy.filter = TelemetryFilter(upTo: .off)
        filtered.filter = try TelemetryFilter(parsing: "none")
        let late = Span("late", target: "ends")
        late.end()
        own.end()
        record.end = .now
        Telemetry.spanDidEnd(record, wasWanted: wasWanted)
        Telemetry.uninstall()
        #expect(wasWanted)
        for memory in [choosy.base, forwarded] {
            #expect(memory.spans.map(\.metadata.name) == ["own", "made elsewhere"])
            #expect(memory.openSpans.isEmpty)
        }
        #expect(
            all.spans.filter { $0.metadata.target == "ends" }.map(\.metadata.name) == ["late", "own", "made elsewhere"])
    }

    @Test("a log that is choosy is asked as a subscriber is")
    func choosyLog() {
        let log = ChoosyLog()
        Telemetry.installLog(log)
        var evaluated = 0
        func text() -> String {
            evaluated += 1
            return "text"
        }
        event(text(), target: "choosy-log.yes")
        event(text(), target: "choosy-log.no")
        Telemetry.installLog(nil)
        #expect(evaluated == 1)
        #expect(log.kept.records.map(\.metadata.target) == ["choosy-log.yes"])
    }
}

/// Wants one target alone.
private final class ChoosyLog: LogReceiver, SelectiveSubscriber {
    let kept = KeptLog(maximumLevel: .trace)
    var maximumLevel: Level { .trace }
    var needs: SubscriberNeeds { [] }
    func interest(in metadata: Metadata) -> Interest { metadata.target == "choosy-log.yes" ? .always : .never }
    func isEnabled(_ metadata: Metadata, in context: SpanContext?) -> Bool { interest(in: metadata) == .always }
    func spanDidStart(_ span: borrowing SpanView) {}
    func spanDidEnd(_ span: borrowing SpanView) {}
    func eventDidOccur(_ event: borrowing EventView) {}
    func log(_ event: borrowing EventView) { kept.log(event) }
    func flush() {}
}

/// A value that a closure on another thread may set.
private final class Box<Value: Sendable>: Sendable {
    private let content: Mutex<Value>

    init(_ value: Value) {
        content = Mutex(value)
    }

    var value: Value {
        get { content.withLock { $0 } }
        set { content.withLock { $0 = newValue } }
    }
}
