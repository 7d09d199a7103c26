// SPDX-License-Identifier: MIT OR Apache-2.0

import Synchronization
import VitrineOTLP
import VitrineObservability

/// What is between the intake and the queues. Only one thread at a time uses it.
struct IntakeDrain: ~Copyable, Sendable {
    fileprivate var reader: IntakeReader
    fileprivate var openSpans: OpenSpanEvents

    init(_ intake: RecordIntake, _ limits: OTLPOpenSpanLimits) {
        reader = IntakeReader(intake)
        openSpans = OpenSpanEvents(limits)
    }

    /// How many events were dropped because their span had too many.
    var droppedEventCount: Int { openSpans.droppedEventCount }
    /// How many spans are known to be open.
    var openSpanCount: Int { openSpans.spanCount }
    /// How many threads have a lane, as far as that is known.
    var laneCount: Int { reader.laneCount }
}

/// What became of the records of one signal while the intake was read: metrics are told once.
private struct IntakeTally {
    var admittedCount = 0
    var droppedCounts: [OTLPDropReason: Int] = [:]
    var isNewsworthy = false

    mutating func add<Record>(_ admission: SignalQueue<Record>.Admission) {
        switch admission {
        case .accepted(let isNewsworthy):
            admittedCount += 1
            if isNewsworthy { self.isNewsworthy = true }
        case .dropped(let reason): droppedCounts[reason, default: 0] += 1
        }
    }

    mutating func add<Record>(_ count: Int, _ reason: OTLPDropReason, _ queue: borrowing Mutex<SignalQueue<Record>>) {
        guard count > 0 else { return }
        queue.withLock { $0.count(count, reason) }
        droppedCounts[reason, default: 0] += count
    }
}

extension ExportPipeline {
    /// Puts what came in into the queues, events with their spans; says whether anything came.
    ///
    /// Includes all that was emitted before the call, on whatever thread. To be called again and again by the thread that
    /// `intake.news` wakes, and by whoever wants to know now. Once the intake is closed no span is open any more: its events are
    /// log records, also those of a thread that was on its way in.
    @discardableResult
    func takeIn() -> Bool {
        guard !intake.isInherited else { return false }
        var traces = IntakeTally()
        var records = IntakeTally()
        var droppedEventCount = 0
        let isNews = drain.withLock { drain -> Bool in
            let droppedBefore = drain.openSpans.droppedEventCount
            let isClosed = intake.isClosed
            let isNews = read(&drain, &traces, &records)
            if intake.takeIsEndLost() { drain.openSpans.doubt() }
            for event in isClosed ? drain.openSpans.removeAll() : drain.openSpans.trim() {
                admit(event, RecordSize.byteCount(event), &records)
            }
            let late = intake.takeLateCounts()
            traces.add(late.spanCount, .shutdown, spans)
            records.add(late.logCount, .shutdown, logs)
            droppedEventCount = drain.openSpans.droppedEventCount - droppedBefore
            return isNews
        }
        spans.withLock { showFullness($0, .traces) }
        logs.withLock { showFullness($0, .logs) }
        tell(traces, .traces)
        tell(records, .logs)
        if droppedEventCount > 0 { metrics.didDropEvents(droppedEventCount) }
        if traces.isNewsworthy { news[.spans]?.notify() }
        if records.isNewsworthy { news[.logs]?.notify() }
        return isNews
    }

    private func read(
        _ drain: inout IntakeDrain, _ traces: inout IntakeTally, _ records: inout IntakeTally
    ) -> Bool {
        drain.reader.read { item in
            switch item {
            case .start(let context): drain.openSpans.begin(context)
            case .event(let event):
                let byteCount = RecordSize.byteCount(event)
                if drain.openSpans.add(event, byteCount: byteCount) == .unplaced {
                    admit(event, byteCount, &records)
                }
            case .span(let record):
                let collected = drain.openSpans.end(record.context)
                let span = OTLPSpan(record, events: collected.events, droppedEventCount: collected.droppedCount)
                let byteCount = RecordSize.byteCount(span)
                traces.add(spans.withLock { $0.admit(span, byteCount: byteCount, now: clock.now) })
            case .dropped(let context): _ = drain.openSpans.end(context)
            case .lost(.spanByCount, let count): traces.add(count, .queueFull, spans)
            case .lost(.spanByBytes, let count): traces.add(count, .queueBytesFull, spans)
            case .lost(.logByCount, let count): records.add(count, .queueFull, logs)
            case .lost(.logByBytes, let count): records.add(count, .queueBytesFull, logs)
            }
        }
    }

    private func admit(_ event: EventRecord, _ byteCount: Int, _ records: inout IntakeTally) {
        guard configuration.signals.contains(.logs) else { return }
        records.add(logs.withLock { $0.admit(event, byteCount: byteCount, now: clock.now) })
    }

    private func tell(_ tally: IntakeTally, _ signal: OTLPSignal) {
        if tally.admittedCount > 0 { metrics.didAdmit(signal, tally.admittedCount) }
        for (reason, count) in tally.droppedCounts { metrics.didNotAdmit(signal, count, reason) }
    }

    /// Has records dropped where they come in while there is no room for them. Called under the lock of the queue.
    func showFullness<Record>(_ queue: borrowing SignalQueue<Record>, _ signal: OTLPSignal) {
        let bits = signal == .logs ? RecordIntake.logBits : RecordIntake.spanBits
        switch (queue.fullness, signal) {
        case (.queueFull?, .logs): intake.setFull(.logByCount, bits: bits)
        case (.queueBytesFull?, .logs): intake.setFull(.logByBytes, bits: bits)
        case (.queueFull?, _): intake.setFull(.spanByCount, bits: bits)
        case (.queueBytesFull?, _): intake.setFull(.spanByBytes, bits: bits)
        default: intake.setFull(nil, bits: bits)
        }
    }
}

extension ExportPipeline {
    /// How often the intake is looked at while records come: a tenth of the shortest time that records wait for others.
    private var lookNanoseconds: UInt64 {
        let delay = min(configuration.spans.delayMilliseconds, configuration.logs.delayMilliseconds)
        return UInt64(min(max(delay / 10, 10), 100)) * 1_000_000
    }

    /// Takes in what comes, until nothing more does. While nothing comes it sleeps.
    func takeInUntilClosed() {
        var quietCount = 0
        while !intake.isClosed {
            let known = intake.news.count
            quietCount = takeIn() ? 0 : quietCount + 1
            intake.setAsleep(quietCount > 0)
            // A record may have come as the mark was set, and nobody has woken us: another look finds it.
            intake.news.wait(beyond: known, until: quietCount < 3 ? clock.now() + lookNanoseconds : nil)
        }
    }
}
