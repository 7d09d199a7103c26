// SPDX-License-Identifier: MIT OR Apache-2.0

import VitrineObservability

/// What a reader is told of, in an order in which a span's start comes before its events and these before its end.
enum IntakeItem {
    case start(SpanContext)
    case event(EventRecord)
    case span(SpanRecord)
    /// A span that ended and was dropped.
    case dropped(SpanContext)
    /// So many records that were not taken in.
    case lost(IntakeLane.Loss, count: Int)
}

/// Reads the lanes of an intake. One at a time.
///
/// A span may begin on one thread, have events on another and end on a third. To find them in their order without clocks, the
/// reader notes three times, one after the other, how far each lane has come, and reads ends as far as the first time,
/// events as far as the second and starts as far as the third. What happened before an end that was there the first time was
/// there the second time at the latest, on whatever lane, and what happened before that the third time.
struct IntakeReader: ~Copyable, Sendable {
    /// How far one kind of record was read in a lane, and how far it may be read.
    private struct Cursor {
        var address: UInt = 0
        var position: UInt64 = 0
        var limit: UInt64 = 0

        /// Reads records as far as it may; the last that comes by gives the memory back.
        mutating func walk(
            _ firstChunk: UInt, _ intake: RecordIntake, isLast: Bool = false, _ visit: (IntakeHead.Kind, UInt) -> Void
        ) {
            guard position < limit else { return }
            if address == 0 { address = firstChunk }
            while position < limit {
                let head = IntakeRecords.head(at: address)
                position += UInt64(head.byteCount)
                switch head.kind {
                case .jump:
                    if isLast { intake.giveBack(chunk: address) }
                    address = head.payload
                    continue
                case .block:
                    let record = IntakeRecords.record(ofBlockAt: head.payload)
                    visit(IntakeRecords.head(at: record).kind, record)
                    if isLast { intake.giveBack(blockByteCount: IntakeRecords.freeBlock(at: head.payload)) }
                default: visit(head.kind, address)
                }
                address += UInt(head.byteCount)
            }
        }
    }

    private struct LaneReader {
        let lane: IntakeLane
        /// The lane's first chunk, which is another's by now if it was left.
        var first: UInt = 0
        var starts = Cursor()
        var events = Cursor()
        var ends = Cursor()
        var lossCounts = [Int](repeating: 0, count: IntakeLane.Loss.allCases.count)
        /// Whether the thread had ended before the first time.
        var isEnded = false

        init(_ lane: IntakeLane) {
            self.lane = lane
        }
    }

    private let intake: RecordIntake
    private var lanes: [LaneReader] = []

    init(_ intake: RecordIntake) {
        self.intake = intake
    }

    deinit {
        guard !intake.isInherited else { return }
        for lane in lanes { lane.lane.abandon() }
        for lane in intake.takeNewLanes() { lane.abandon() }
    }

    /// Whether threads have lanes here.
    var laneCount: Int { lanes.count }

    /// Reads all that was put in before, and some of what is put in meanwhile; says whether there was anything.
    mutating func read(_ visit: (IntakeItem) -> Void) -> Bool {
        welcome()
        for index in lanes.indices { lanes[index].isEnded = lanes[index].lane.isEnded }
        for index in lanes.indices { lanes[index].ends.limit = lanes[index].lane.committed }
        welcome()
        for index in lanes.indices { lanes[index].events.limit = lanes[index].lane.committed }
        welcome()
        for index in lanes.indices {
            lanes[index].starts.limit = lanes[index].lane.committed
            lanes[index].first = lanes[index].lane.firstChunk
        }
        var isNews = false
        for index in lanes.indices {
            guard lanes[index].starts.position < lanes[index].starts.limit else { continue }
            isNews = true
            lanes[index].starts.walk(lanes[index].first, intake) { kind, address in
                if kind == .start, let context = IntakeRecords.context(at: address) { visit(.start(context)) }
            }
        }
        for index in lanes.indices {
            lanes[index].events.walk(lanes[index].first, intake) { kind, address in
                if kind == .event, let event = IntakeRecords.takeEvent(at: address) { visit(.event(event)) }
            }
        }
        for index in lanes.indices {
            lanes[index].ends.walk(lanes[index].first, intake, isLast: true) { kind, address in
                if kind == .span, let span = IntakeRecords.takeSpan(at: address) { visit(.span(span)) }
                if kind == .dropped, let context = IntakeRecords.context(at: address) { visit(.dropped(context)) }
            }
            for loss in IntakeLane.Loss.allCases {
                let count = lanes[index].lane.lossCount(loss)
                guard count != lanes[index].lossCounts[loss.rawValue] else { continue }
                isNews = true
                visit(.lost(loss, count: count - lanes[index].lossCounts[loss.rawValue]))
                lanes[index].lossCounts[loss.rawValue] = count
            }
        }
        leave()
        return isNews
    }

    private mutating func welcome() {
        for lane in intake.takeNewLanes() { lanes.append(LaneReader(lane)) }
    }

    /// Lets go of the lanes of threads that have ended, when all that they put in was read.
    private mutating func leave() {
        lanes.removeAll { lane in
            guard lane.isEnded, lane.ends.position == lane.ends.limit else { return false }
            // The chunk that no jump leads out of; it may be one that was never read from.
            let last = lane.ends.address == 0 ? lane.first : lane.ends.address
            if last != 0 { intake.giveBack(chunk: last) }
            lane.lane.abandon()
            return true
        }
    }
}
