// SPDX-License-Identifier: MIT OR Apache-2.0

internal import VitrineObservability

/// Gives each span a lane so that on no lane two slices overlap without one being inside of the other.
///
/// A span is drawn inside of the one around it if that is the innermost open one of its lane, and else on a lane where
/// nothing runs. That is decided at its start, for what its children need to know, and changed as long as it is open if it
/// outlives the span it was put into. Whatever times records have, what comes out nests.
///
/// Times are nanoseconds since the epoch. A start or an end costs about 100 ns, and a comparison for each lane that is taken
/// where a free one is looked for.
struct LaneTable: ~Copyable, Sendable {
    /// How deep slices are drawn in each other; viewers give up at 512.
    static let maximumDepth = 256
    /// Arrows from one span.
    static let maximumArrowCount = 64
    /// Bytes that wait for the beginning of the span around them.
    static let maximumHeldByteCount = 1 << 20

    private let limits: TimelineLimits
    private(set) var processes: [LaneProcess] = [.host]
    private var processIndices: [LaneProcess: Int] = [.host: 0]
    private var lanes: [[Lane]] = [[]]
    private var slices: [OpenSlice?] = []
    private var unused: [Int] = []
    private var indices: [SpanID: Int] = [:]
    private var heldByteCount = 0
    /// What waited and has to wait no longer.
    private var released = HeldRecords()

    init(limits: TimelineLimits) {
        self.limits = limits
    }

    /// How many spans are open.
    var openCount: Int { indices.count }

    /// Takes a span that starts, if there is room to remember it.
    mutating func begin(_ span: borrowing SpanView) {
        guard indices.count < limits.openSpanCount else { return }
        insert(span)
    }

    /// Ends a span, which may have begun unseen; nil where there is no lane for it.
    mutating func end(_ span: borrowing SpanView) -> EndedSlice? {
        let start = span.start.nanosecondsSinceEpoch
        let end = max(start, span.end?.nanosecondsSinceEpoch ?? start)
        if indices[span.context.spanID] == nil { insert(span) }
        guard let index = indices.removeValue(forKey: span.context.spanID) else { return nil }
        // Leaving may move what it holds; the slice is taken as it is then.
        let lane = leave(index, end: end)
        guard let slice = slices[index].take() else { return nil }
        unused.append(index)
        heldByteCount -= slice.held.bytes.count
        guard let lane else {
            released += slice.held
            return nil
        }
        return EndedSlice(
            place: LanePlace(process: slice.process, lane: lane), start: slice.start, end: max(slice.start, end),
            isArrowTarget: slice.isArrowTarget, arrows: slice.arrows, held: slice.held,
            holder: holder(process: slice.process, lane: lane, start: slice.start))
    }

    /// Where an event is drawn, and what it has to wait for.
    mutating func place(_ event: borrowing EventView, time: UInt64) -> (place: LanePlace, holder: Int?) {
        let around = event.context.flatMap { indices[$0.spanID] }
        if let around, slices[around]?.origin == event.origin, let lane = slices[around]?.lane,
            let process = slices[around]?.process
        {
            let place = LanePlace(process: process, lane: lane)
            return (place, holder(process: process, lane: lane, start: time))
        }
        let process = process(of: event.origin, sandbox: around.flatMap { slices[$0]?.sandbox })
        return (LanePlace(process: process, lane: LanePlace.eventsLane), nil)
    }

    /// Keeps records until the slice ends; false if there is no room.
    mutating func hold(_ held: HeldRecords, for index: Int) -> Bool {
        guard heldByteCount + held.bytes.count <= Self.maximumHeldByteCount, slices[index] != nil else { return false }
        heldByteCount += held.bytes.count
        slices[index]?.held += held
        return true
    }

    /// What waited and may go out now.
    mutating func takeReleased() -> HeldRecords? {
        guard released.count > 0 else { return nil }
        defer { released = HeldRecords() }
        return released
    }

    /// Ends the lanes: all open slices, those around others first, with what they hold, and those without a lane.
    mutating func removeAll() -> [OpenSlice] {
        var result: [OpenSlice] = []
        for process in lanes.indices {
            for lane in lanes[process].indices {
                result += lanes[process][lane].open.compactMap { slices[$0] }
            }
        }
        for case let slice? in slices where slice.lane == nil { result.append(slice) }
        lanes = lanes.map { _ in [] }
        slices = []
        unused = []
        indices = [:]
        heldByteCount = 0
        return result
    }
}

extension LaneTable {
    private mutating func insert(_ span: borrowing SpanView) {
        let identifier = span.context.spanID
        // A second start of the same span is nobody's.
        guard indices[identifier] == nil else { return }
        let around = span.parent.flatMap { indices[$0] }
        // Parts are read one by one: a copy of a slice counts all its references.
        let sandbox =
            (span.origin == .host ? Self.sandbox(of: span.fields) : nil) ?? around.flatMap { slices[$0]?.sandbox }
        let process = process(of: span.origin, sandbox: sandbox)
        let start = span.start.nanosecondsSinceEpoch

        var across = around.flatMap { slices[$0]?.acrossBoundary }
        var anchor: Int?
        var isArrowTarget = false
        if let around, let parent = span.parent, let parentStart = slices[around]?.start {
            if slices[around]?.process == process {
                anchor = around
            } else {
                anchor = across.flatMap { self.index(of: $0, in: process) }
                across = OpenSlice.Reference(index: around, span: parent)
                // Arrows go forward in time.
                if start > parentStart, slices[around]?.arrows.count ?? 0 < Self.maximumArrowCount {
                    isArrowTarget = true
                    slices[around]?.arrows.append(identifier.rawValue)
                }
            }
        }
        let lane = lane(process: process, inside: anchor, start: start)
        let slice = OpenSlice(
            context: span.context, parent: span.parent, metadata: span.metadata, origin: span.origin, start: start,
            process: process, sandbox: sandbox, lane: lane, acrossBoundary: across, isArrowTarget: isArrowTarget)
        let index = unused.popLast() ?? slices.count
        if index == slices.count { slices.append(slice) } else { slices[index] = slice }
        indices[identifier] = index
        if let lane { lanes[process][lane].open.append(index) }
    }

    /// The slice, if it is still open and of that process.
    private func index(of reference: OpenSlice.Reference, in process: Int) -> Int? {
        let index = reference.index
        guard slices[index]?.context.spanID == reference.span, slices[index]?.process == process else { return nil }
        return index
    }

    /// The lane of a span that starts: inside of an open slice if it can be, else where nothing runs.
    private mutating func lane(process: Int, inside anchor: Int?, start: UInt64) -> Int? {
        if let anchor, let lane = slices[anchor]?.lane, slices[anchor]?.freeFrom ?? .max <= start,
            lanes[process][lane].open.last == anchor, lanes[process][lane].open.count < Self.maximumDepth
        {
            return lane
        }
        return freeLane(process: process, start: start)
    }

    private mutating func freeLane(process: Int, start: UInt64) -> Int? {
        if let known = lanes[process].firstIndex(where: { $0.isFree(from: start) }) { return known }
        guard lanes[process].count < limits.laneCount else { return nil }
        lanes[process].append(Lane())
        return lanes[process].count - 1
    }

    /// Takes an ending slice off its lane; the lane where it is to be drawn.
    private mutating func leave(_ index: Int, end: UInt64) -> Int? {
        guard let process = slices[index]?.process, let start = slices[index]?.start, let lane = slices[index]?.lane,
            let depth = lanes[process][lane].open.lastIndex(of: index)
        else { return nil }
        let end = max(start, end)
        if depth + 1 < lanes[process][lane].open.count { moveAway(process, lane, from: depth + 1) }
        lanes[process][lane].open.removeLast()
        let closedUntil = slices[index]?.closedUntil ?? 0
        guard closedUntil > end else {
            close(process, lane, until: end)
            return lane
        }
        // Something inside of it says that it ended later, and is drawn already.
        close(process, lane, until: closedUntil)
        release(index)
        guard let other = freeLane(process: process, start: start) else { return nil }
        close(process, other, until: end)
        return other
    }

    /// Moves slices that outlive the one around them to a lane of their own.
    private mutating func moveAway(_ process: Int, _ lane: Int, from depth: Int) {
        let moved = Array(lanes[process][lane].open[depth...])
        lanes[process][lane].open.removeSubrange(depth...)
        // What ended inside of them stays where it is.
        for index in moved { close(process, lane, until: slices[index]?.closedUntil ?? 0) }
        let start = moved.first.flatMap { slices[$0]?.start }
        let target = start.flatMap { freeLane(process: process, start: $0) }
        for index in moved {
            release(index)
            slices[index]?.lane = target
            slices[index]?.closedUntil = 0
        }
        if let target { lanes[process][target].open = moved }
    }

    /// Notes that the innermost of a lane has something closed inside of it, or the lane itself.
    private mutating func close(_ process: Int, _ lane: Int, until end: UInt64) {
        if let around = lanes[process][lane].open.last {
            let known = slices[around]?.closedUntil ?? 0
            slices[around]?.closedUntil = max(known, end)
        } else {
            lanes[process][lane].busyUntil = max(lanes[process][lane].busyUntil, end)
        }
    }

    /// Lets go of what waits for a slice that is not around it any more.
    private mutating func release(_ index: Int) {
        guard let held = slices[index]?.held, held.count > 0 else { return }
        heldByteCount -= held.bytes.count
        released += held
        slices[index]?.held = HeldRecords()
    }

    private func holder(process: Int, lane: Int, start: UInt64) -> Int? {
        guard let around = lanes[process][lane].open.last, slices[around]?.start == start else { return nil }
        return around
    }

    /// The process of an origin, made if it is new.
    private mutating func process(of origin: SpanOrigin, sandbox: UInt64?) -> Int {
        guard origin == .guest else { return 0 }
        var process = sandbox.map(LaneProcess.guest) ?? .guests
        if let known = processIndices[process] { return known }
        if process != .guests, processes.count > limits.guestCount { process = .guests }
        if let known = processIndices[process] { return known }
        processes.append(process)
        lanes.append([])
        processIndices[process] = processes.count - 1
        return processes.count - 1
    }

    /// The number of the sandbox that the host says it works for.
    private static func sandbox(of fields: Swift.Span<Field>) -> UInt64? {
        for index in fields.indices where fields[index].key == "sandbox.id" {
            switch fields[index].value {
            case .uint64(let number): return number
            case .int64(let number): return UInt64(exactly: number)
            default: return nil
            }
        }
        return nil
    }
}
