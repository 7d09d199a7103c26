// SPDX-License-Identifier: MIT OR Apache-2.0

internal import Synchronization
internal import VitrineLogWriters
internal import VitrineObservability

/// What writers of timelines have in common: the lanes, the limits and the file, under one lock.
///
/// In a child made by `fork` nothing is written and no lock is taken: another thread may have held it.
final class TimelineWriter<Format: TimelineFormat & ~Copyable>: Sendable {
    struct State: ~Copyable, Sendable {
        var format: Format
        var lanes: LaneTable
        var declarations = Declarations()
        var counters: [String: Int] = [:]
        var record = LineBuffer()
        /// Bytes that the file has or waits for.
        var byteCount: UInt64
        var isClosed = false
        var losses = TimelineLosses()
    }

    /// What the end of the file may take.
    private static var footerByteCount: UInt64 { 16 }

    private let limits: TimelineLimits
    private let file: TimelineFile
    private let sink: BufferedSink
    private let forkCount = ForkCount.current
    private let forkedCount = Atomic<Int>(0)
    private let state: Mutex<State>

    /// Writes the beginning of the file, or tells why that is not possible.
    init(_ format: consuming Format, to file: TimelineFile, limits: TimelineLimits) throws(TimelineError) {
        self.limits = limits.checked
        self.file = file
        var header = LineBuffer()
        header.begin(byteCount: self.limits.recordByteCount)
        format.appendHeader(to: &header)
        let number = file.put(header.span)
        guard number == 0 else { throw TimelineError(errno: number) }
        sink = BufferedSink(file, flushLevel: .off)
        state = Mutex(
            State(format: format, lanes: LaneTable(limits: self.limits), byteCount: UInt64(header.count)))
    }

    /// Whether the file is the parent's of this process.
    private func isElsewhere(_ count: Int = 1) -> Bool {
        guard ForkCount.current != forkCount else { return false }
        forkedCount.wrappingAdd(count, ordering: .relaxed)
        return true
    }

    var losses: TimelineLosses {
        var losses = TimelineLosses()
        if ForkCount.current == forkCount {
            losses = state.withLock { $0.losses }
            file.addLosses(to: &losses)
        }
        losses.forkedCount = forkedCount.load(ordering: .relaxed)
        return losses
    }

    func begin(_ span: borrowing SpanView) {
        guard ForkCount.current == forkCount else { return }
        state.withLock { state in
            if !state.isClosed { state.lanes.begin(span) }
        }
    }

    func end(_ span: borrowing SpanView) {
        guard !isElsewhere() else { return }
        state.withLock { state in
            guard isOpen(&state) else { return }
            let ended = state.lanes.end(span)
            if let released = state.lanes.takeReleased() { putReleased(released, &state) }
            guard let ended else {
                state.losses.laneCount += 1
                return
            }
            begin(&state, at: ended.place)
            state.format.appendBeginning(span, ended, limits, to: &state.record)
            if state.record.isCut { state.losses.cutCount += 1 }
            if ended.held.count > 0 { state.record.append(contentsOf: ended.held.bytes.span) }
            state.format.appendEnd(span.context.spanID, ended, to: &state.record)
            finish(&state, at: ended.place, count: 1 + ended.held.count, holder: ended.holder)
        }
    }

    func occur(_ event: borrowing EventView) {
        guard !isElsewhere() else { return }
        state.withLock { state in
            guard isOpen(&state) else { return }
            let time = event.time.nanosecondsSinceEpoch
            let (place, holder) = state.lanes.place(event, time: time)
            begin(&state, at: place)
            state.format.append(event, at: place, time: time, limits, to: &state.record)
            if state.record.isCut { state.losses.cutCount += 1 }
            finish(&state, at: place, count: 1, holder: holder)
        }
    }

    func record(_ values: [CounterSample], time: UInt64) {
        guard !isElsewhere(values.count) else { return }
        state.withLock { state in
            for value in values where isOpen(&state) { put(value, time, &state) }
        }
    }

    func flush() {
        guard ForkCount.current == forkCount else { return }
        sink.flush()
    }

    /// Writes what is open as open, and the end of the file.
    func close() {
        guard ForkCount.current == forkCount else { return }
        state.withLock { state in
            guard !state.isClosed else { return }
            for slice in state.lanes.removeAll() {
                guard let lane = slice.lane else {
                    state.losses.laneCount += 1
                    continue
                }
                let place = LanePlace(process: slice.process, lane: lane)
                begin(&state, at: place)
                state.format.append(open: slice, lane: place, limits, to: &state.record)
                if state.record.isCut { state.losses.cutCount += 1 }
                if slice.held.count > 0 { state.record.append(contentsOf: slice.held.bytes.span) }
                finish(&state, at: place, count: 1 + slice.held.count, holder: nil)
            }
            state.isClosed = true
            state.record.begin(byteCount: limits.recordByteCount)
            state.format.appendFooter(to: &state.record)
            if state.record.count > 0 { sink.write(state.record.span, level: .trace) }
        }
        sink.flush()
    }
}

extension TimelineWriter where Format: ~Copyable {
    private func isOpen(_ state: inout State) -> Bool {
        if state.isClosed { state.losses.closedCount += 1 }
        return !state.isClosed
    }

    /// Begins a record, with what has to be said first about where it is drawn.
    private func begin(_ state: inout State, at place: LanePlace) {
        state.record.begin(byteCount: limits.recordByteCount)
        state.declarations.checkEpoch(file.failureCount)
        guard !state.declarations.knows(place) else { return }
        let process = state.lanes.processes[place.process]
        if !state.declarations.knows(process: place.process) {
            state.format.append(process: process, number: place.process, to: &state.record)
        }
        state.format.append(lane: place, of: process, to: &state.record)
    }

    /// Hands on the record, to be written or to wait for the span that it begins together with.
    private func finish(_ state: inout State, at place: LanePlace, count: Int, holder: Int?) {
        if let holder {
            var bytes: [UInt8] = []
            bytes.reserveCapacity(state.record.count)
            for index in state.record.span.indices { bytes.append(state.record.span[index]) }
            let held = HeldRecords(bytes: bytes, count: count)
            if !state.lanes.hold(held, for: holder) { state.losses.heldCount += count }
            return
        }
        if put(&state, count: count) {
            state.declarations.add(process: place.process)
            state.declarations.add(place)
        }
    }

    private func put(_ state: inout State, count: Int) -> Bool {
        let byteCount = state.byteCount + UInt64(state.record.count)
        guard byteCount + Self.footerByteCount <= limits.fileByteCount else {
            state.losses.fileFullCount += count
            return false
        }
        state.byteCount = byteCount
        sink.write(state.record.span, level: .trace)
        return true
    }

    private func putReleased(_ held: HeldRecords, _ state: inout State) {
        state.record.begin(byteCount: limits.recordByteCount)
        state.record.append(contentsOf: held.bytes.span)
        _ = put(&state, count: held.count)
    }

    private func put(_ sample: CounterSample, _ time: UInt64, _ state: inout State) {
        var number = state.counters[sample.name]
        if number == nil, state.counters.count < limits.counterCount {
            number = state.counters.count
            state.counters[sample.name] = number
        }
        guard let number else {
            state.losses.counterCount += 1
            return
        }
        state.record.begin(byteCount: limits.recordByteCount)
        state.declarations.checkEpoch(file.failureCount)
        if !state.declarations.knows(process: 0) {
            state.format.append(process: .host, number: 0, to: &state.record)
        }
        if !state.declarations.knows(counter: number) {
            state.format.append(counter: number, name: sample.name, unit: sample.unit, limits, to: &state.record)
        }
        state.format.append(value: sample.value, of: number, name: sample.name, time: time, limits, to: &state.record)
        if put(&state, count: 1) {
            state.declarations.add(process: 0)
            state.declarations.add(counter: number)
        }
    }
}
