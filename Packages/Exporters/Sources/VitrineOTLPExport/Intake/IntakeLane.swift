// SPDX-License-Identifier: MIT OR Apache-2.0

import Synchronization

/// Where one thread puts its records for one intake, one behind the other in chunks; one reader follows. Neither waits.
///
/// A handle. The state lies behind a pointer, apart from that of other threads, and is freed when both the thread and the
/// intake have let go of it.
@safe
struct IntakeLane: @unchecked Sendable {
    /// What was not taken in, each with a count.
    enum Loss: Int, CaseIterable {
        case spanByCount, spanByBytes, logByCount, logByBytes
    }

    private struct State: ~Copyable {
        // The thread's own: where the next record goes, and how much its chunk still takes.
        var next: UInt = 0
        var room = 0
        var position: UInt64 = 0
        // Written by the thread alone, read by the reader.
        let committed = Atomic<UInt64>(0)
        let firstChunk = Atomic<UInt>(0)
        let spansByCount = Atomic<Int>(0)
        let spansByBytes = Atomic<Int>(0)
        let logsByCount = Atomic<Int>(0)
        let logsByBytes = Atomic<Int>(0)
        let isEnded = Atomic<Bool>(false)
        // Written by the intake.
        let isAbandoned = Atomic<Bool>(false)
        let ownerCount = Atomic<Int>(2)
    }

    private let state: UnsafeMutablePointer<State>

    // SAFETY, of all below: the state is allocated and initialized by `make` and freed by the second `release`. The plain
    // members are touched by the lane's thread only. A place that `place` gives is within a chunk or block of this lane that
    // the reader does not look at before `commit`.

    init(_ state: UnsafeMutableRawPointer) {
        unsafe self.state = unsafe state.assumingMemoryBound(to: State.self)
    }

    static func make() -> IntakeLane {
        // So far apart that no two threads write to one cache line, nor to its neighbour.
        let memory = UnsafeMutableRawPointer.allocate(byteCount: max(256, MemoryLayout<State>.size), alignment: 128)
        unsafe memory.initializeMemory(as: State.self, to: State())
        return unsafe IntakeLane(memory)
    }

    /// The state's address.
    var pointer: UnsafeMutableRawPointer { unsafe UnsafeMutableRawPointer(state) }

    /// Says that the thread, or the intake, has no more use for it.
    func release() {
        guard unsafe state.pointee.ownerCount.wrappingSubtract(1, ordering: .acquiringAndReleasing).newValue == 0 else {
            return
        }
        unsafe state.deinitialize(count: 1)
        unsafe UnsafeMutableRawPointer(state).deallocate()
    }

    // MARK: The thread

    /// A place for a record of so many bytes, with texts of so many more elsewhere; nil if there is no room.
    @inline(__always)
    func place(_ byteCount: Int, textByteCount: Int, _ intake: RecordIntake) -> IntakePlace? {
        let cost = byteCount + textByteCount
        if unsafe cost <= state.pointee.room {
            return unsafe IntakePlace(address: state.pointee.next, advance: byteCount, cost: cost)
        }
        return placeElsewhere(byteCount, cost, intake)
    }

    @inline(never)
    private func placeElsewhere(_ byteCount: Int, _ cost: Int, _ intake: RecordIntake) -> IntakePlace? {
        guard cost > IntakeHead.largestInChunk else {
            guard unsafe cost <= state.pointee.room || takeChunk(intake) else { return nil }
            return unsafe IntakePlace(address: state.pointee.next, advance: byteCount, cost: cost)
        }
        let headSize = MemoryLayout<IntakeHead>.stride
        guard unsafe headSize <= state.pointee.room || takeChunk(intake), intake.reserve(cost) else { return nil }
        let block = UnsafeMutableRawPointer.allocate(byteCount: headSize + byteCount, alignment: 16)
        unsafe block.storeBytes(of: IntakeHead(.block, byteCount: 0, payload: UInt(cost)), as: IntakeHead.self)
        let address = UInt(bitPattern: block)
        unsafe write(IntakeHead(.block, byteCount: headSize, payload: address), at: state.pointee.next)
        return IntakePlace(address: address + UInt(headSize), advance: headSize, cost: headSize)
    }

    private func takeChunk(_ intake: RecordIntake) -> Bool {
        guard let chunk = intake.takeChunk() else { return false }
        let jumpSize = MemoryLayout<IntakeHead>.stride
        if unsafe state.pointee.next == 0 {
            unsafe state.pointee.firstChunk.store(chunk, ordering: .releasing)
        } else {
            // Its room was kept, see below.
            unsafe write(IntakeHead(.jump, byteCount: jumpSize, payload: chunk), at: state.pointee.next)
            unsafe state.pointee.position += UInt64(jumpSize)
            unsafe state.pointee.committed.store(state.pointee.position, ordering: .releasing)
        }
        unsafe state.pointee.next = chunk
        unsafe state.pointee.room = ChunkPool.chunkByteCount - jumpSize
        return true
    }

    private func write(_ head: IntakeHead, at address: UInt) {
        guard let place = unsafe UnsafeMutableRawPointer(bitPattern: address) else { return }
        unsafe place.storeBytes(of: head, as: IntakeHead.self)
    }

    /// Shows the record that was put in a place to the reader.
    @inline(__always)
    func commit(_ place: IntakePlace) {
        unsafe state.pointee.next += UInt(place.advance)
        unsafe state.pointee.room -= place.cost
        unsafe state.pointee.position += UInt64(place.advance)
        unsafe state.pointee.committed.store(state.pointee.position, ordering: .releasing)
    }

    /// Counts a record that was not taken in.
    @inline(__always)
    func count(_ loss: Loss) {
        switch loss {
        case .spanByCount: unsafe Self.increment(state.pointee.spansByCount)
        case .spanByBytes: unsafe Self.increment(state.pointee.spansByBytes)
        case .logByCount: unsafe Self.increment(state.pointee.logsByCount)
        case .logByBytes: unsafe Self.increment(state.pointee.logsByBytes)
        }
    }

    /// Not a locked instruction: nobody else writes.
    @inline(__always)
    private static func increment(_ count: borrowing Atomic<Int>) {
        count.store(count.load(ordering: .relaxed) &+ 1, ordering: .releasing)
    }

    /// The thread puts nothing more in.
    func end() {
        unsafe state.pointee.isEnded.store(true, ordering: .releasing)
        release()
    }

    /// Whether the intake is gone.
    var isAbandoned: Bool { unsafe state.pointee.isAbandoned.load(ordering: .acquiring) }

    // MARK: The reader

    /// How far records may be read.
    var committed: UInt64 { unsafe state.pointee.committed.load(ordering: .acquiring) }
    /// Where the first record is; 0 if there was never one.
    var firstChunk: UInt { unsafe state.pointee.firstChunk.load(ordering: .acquiring) }
    /// Whether the thread puts nothing more in. To be asked before how far it came.
    var isEnded: Bool { unsafe state.pointee.isEnded.load(ordering: .acquiring) }

    /// How many were not taken in, in all.
    func lossCount(_ loss: Loss) -> Int {
        switch loss {
        case .spanByCount: unsafe state.pointee.spansByCount.load(ordering: .acquiring)
        case .spanByBytes: unsafe state.pointee.spansByBytes.load(ordering: .acquiring)
        case .logByCount: unsafe state.pointee.logsByCount.load(ordering: .acquiring)
        case .logByBytes: unsafe state.pointee.logsByBytes.load(ordering: .acquiring)
        }
    }

    /// The intake reads nothing more.
    func abandon() {
        unsafe state.pointee.isAbandoned.store(true, ordering: .releasing)
        release()
    }
}

/// Where a record is to be written.
struct IntakePlace {
    /// The address of as many bytes as were asked for.
    let address: UInt
    /// How many bytes of the chunk are used up by it.
    let advance: Int
    /// How many bytes count against the chunk.
    let cost: Int
}
