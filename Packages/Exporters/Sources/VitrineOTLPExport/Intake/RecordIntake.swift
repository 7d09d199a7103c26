// SPDX-License-Identifier: MIT OR Apache-2.0

import CExportThread
import Synchronization
import VitrineObservability

/// Takes records in from any thread, without a lock, an allocation or a wait: each thread has a lane of its own.
///
/// What does not fit is dropped and counted: where the queue of its signal is full, without being looked at. Records over
/// `IntakeHead.largestInChunk` bytes are kept in blocks that are allocated, and all blocks together are bounded like the
/// chunks.
final class RecordIntake: Sendable {
    /// A number that no other intake of the process had.
    let identity: UInt64
    private let forkCount: UInt32
    private let pool: ChunkPool
    /// What is dropped at once: bits of a `Loss`, and `closedBit`.
    private let gate = Atomic<UInt8>(0)
    /// Whether the reader wants to be woken by the next record.
    private let isAsleep = Atomic<Bool>(false)
    /// How many chunks were taken since the reader last looked.
    private let takenCount = Atomic<Int>(0)
    private let blockByteCount = Atomic<Int>(0)
    /// Lanes that the reader does not know yet.
    private let newLanes = Mutex<[IntakeLane]>([])
    private let lateSpanCount = Atomic<Int>(0)
    private let lateLogCount = Atomic<Int>(0)
    /// There is something to be read.
    let news = ThreadSignal()

    private static let lastIdentity = Atomic<UInt64>(0)
    private static let isWatchingForks = vitrine_export_watch_forks() == 0
    private static let closedBit: UInt8 = 0x80
    /// So many chunks wake the reader: 800 spans or so.
    private static let newsworthyChunkCount = 16

    /// An intake that holds so many bytes at most, and as many in blocks; at least 1 MiB, at most 64 MiB.
    init(byteCount: Int) {
        // Without memory for the handler, which the C library allocates, a child takes itself for its parent.
        _ = Self.isWatchingForks
        forkCount = vitrine_export_fork_count()
        identity = Self.lastIdentity.wrappingAdd(1, ordering: .relaxed).newValue
        pool = ChunkPool(byteCount: min(max(byteCount, 1 << 20), 64 << 20))
    }

    /// Whether this is a child of the process that made the intake.
    var isInherited: Bool { forkCount != vitrine_export_fork_count() }

    // MARK: What comes in

    /// A span began.
    @inline(__always)
    func begin(_ context: SpanContext) {
        guard gate.load(ordering: .relaxed) & Self.closedBit == 0, let lane = ThreadLanes.lane(of: self) else { return }
        // What finds no room is not known as open, and its events are log records.
        guard let place = lane.place(IntakeRecords.contextByteCount, textByteCount: 0, self) else { return }
        IntakeRecords.put(.start, context, at: place)
        lane.commit(place)
        wakeReader()
    }

    /// A span ended.
    @inline(__always)
    func end(_ span: borrowing SpanView) {
        let gate = gate.load(ordering: .relaxed)
        guard gate & Self.closedBit == 0 else { return countLateSpan() }
        guard let lane = ThreadLanes.lane(of: self) else { return }
        if gate & Self.spanBits != 0 {
            return drop(span.context, lane, gate & Self.bit(.spanByCount) != 0 ? .spanByCount : .spanByBytes)
        }
        let site = span.lastingCallSite
        let byteCount = IntakeRecords.byteCount(ofSpanWith: span.fields.count, lasting: site != nil)
        let textByteCount = RecordSize.textByteCount(span, isLasting: site != nil)
        guard let place = lane.place(byteCount, textByteCount: textByteCount, self) else {
            return drop(span.context, lane, .spanByBytes)
        }
        IntakeRecords.put(span, site, byteCount: byteCount, at: place)
        lane.commit(place)
        wakeReader()
    }

    /// Leaves word that a span is not open any more, so that nothing is kept for it.
    @inline(never)
    private func drop(_ context: SpanContext, _ lane: IntakeLane, _ loss: IntakeLane.Loss) {
        lane.count(loss)
        guard let place = lane.place(IntakeRecords.contextByteCount, textByteCount: 0, self) else { return }
        IntakeRecords.put(.dropped, context, at: place)
        lane.commit(place)
        wakeReader()
    }

    /// An event occurred.
    @inline(__always)
    func add(_ event: borrowing EventView) {
        let gate = gate.load(ordering: .relaxed)
        guard gate & Self.closedBit == 0 else { return countLateLog() }
        guard let lane = ThreadLanes.lane(of: self) else { return }
        let context = event.context
        if gate & Self.logBits != 0, context == nil {
            return lane.count(gate & Self.bit(.logByCount) != 0 ? .logByCount : .logByBytes)
        }
        let site = event.lastingCallSite
        let byteCount = IntakeRecords.byteCount(ofEventWith: event.fields.count, lasting: site != nil)
        let textByteCount = RecordSize.textByteCount(event, isLasting: site != nil)
        guard let place = lane.place(byteCount, textByteCount: textByteCount, self) else {
            return lane.count(.logByBytes)
        }
        IntakeRecords.put(event, context, site, byteCount: byteCount, at: place)
        lane.commit(place)
        wakeReader()
    }

    /// Whoever is asleep looks again after a while in any case, so that no fence is needed here.
    @inline(__always)
    private func wakeReader() {
        if isAsleep.load(ordering: .relaxed) { wakeReaderNow() }
    }

    @inline(never)
    private func wakeReaderNow() {
        if isAsleep.exchange(false, ordering: .acquiringAndReleasing) { news.notify() }
    }

    @inline(never)
    private func countLateSpan() {
        guard !vitrine_export_is_silent(), !isInherited else { return }
        lateSpanCount.wrappingAdd(1, ordering: .relaxed)
    }

    @inline(never)
    private func countLateLog() {
        guard !vitrine_export_is_silent(), !isInherited else { return }
        lateLogCount.wrappingAdd(1, ordering: .relaxed)
    }

    // MARK: What lanes need

    func makeLane() -> IntakeLane {
        let lane = IntakeLane.make()
        newLanes.withLock { $0.append(lane) }
        return lane
    }

    func takeChunk() -> UInt? {
        guard let chunk = pool.take() else { return nil }
        if takenCount.wrappingAdd(1, ordering: .relaxed).newValue == Self.newsworthyChunkCount { news.notify() }
        return chunk
    }

    /// Takes bytes for a block out of what blocks may have.
    func reserve(_ byteCount: Int) -> Bool {
        let limit = pool.chunkCount * ChunkPool.chunkByteCount
        guard byteCount <= limit else { return false }
        if blockByteCount.wrappingAdd(byteCount, ordering: .relaxed).newValue <= limit { return true }
        blockByteCount.wrappingSubtract(byteCount, ordering: .relaxed)
        return false
    }

    // MARK: What the reader does

    func takeNewLanes() -> [IntakeLane] {
        takenCount.store(0, ordering: .relaxed)
        return newLanes.withLock { lanes in
            if lanes.isEmpty { return [] }
            defer { lanes = [] }
            return lanes
        }
    }

    func giveBack(chunk: UInt) { pool.giveBack(chunk) }

    func giveBack(blockByteCount byteCount: Int) { blockByteCount.wrappingSubtract(byteCount, ordering: .relaxed) }

    /// Whether the next record is to wake the reader.
    func setAsleep(_ isAsleep: Bool) { self.isAsleep.store(isAsleep, ordering: .sequentiallyConsistent) }

    /// Says for what reason the spans or the log records that come are to be dropped, if they are. Called under the lock of the
    /// signal's queue.
    func setFull(_ loss: IntakeLane.Loss?, bits: UInt8) {
        gate.bitwiseAnd(~bits, ordering: .relaxed)
        if let loss { gate.bitwiseOr(Self.bit(loss), ordering: .relaxed) }
    }

    /// Takes in nothing more.
    func close() {
        gate.bitwiseOr(Self.closedBit, ordering: .sequentiallyConsistent)
        news.notify()
    }

    var isClosed: Bool { gate.load(ordering: .acquiring) & Self.closedBit != 0 }

    /// How many spans and events came after it was closed, and were not told yet.
    func takeLateCounts() -> (spanCount: Int, logCount: Int) {
        (lateSpanCount.exchange(0, ordering: .relaxed), lateLogCount.exchange(0, ordering: .relaxed))
    }

    private static func bit(_ loss: IntakeLane.Loss) -> UInt8 { 1 << UInt8(loss.rawValue) }
    static let spanBits: UInt8 = 0b0011
    static let logBits: UInt8 = 0b1100
}
