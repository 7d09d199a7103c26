// SPDX-License-Identifier: MIT OR Apache-2.0

import CExportThread
import Glibc

/// The lanes of each thread, one for each intake that it writes to: made when they are needed, ended with the thread.
enum ThreadLanes {
    private struct Entry {
        let intake: UInt64
        let lane: IntakeLane
    }

    private typealias Entries = UnsafeMutablePointer<[Entry]>

    // SAFETY, of all below: the entries are the calling thread's own, allocated and initialized by `makeEntries`, freed once at
    // the thread's end, and no access is held across a call of foreign code.

    private static let key: pthread_key_t? = {
        var key = pthread_key_t()
        let result = unsafe pthread_key_create(&key) { entries in
            guard let entries = unsafe entries else { return }
            unsafe ThreadLanes.end(entries.assumingMemoryBound(to: [Entry].self))
        }
        return result == 0 ? key : nil
    }()

    /// The calling thread's lane; nil on a thread that is silent, and in a child of the process that made the intake.
    @inline(__always)
    static func lane(of intake: RecordIntake) -> IntakeLane? {
        if let known = unsafe vitrine_export_lane(intake.identity) { return unsafe IntakeLane(known) }
        return find(intake)
    }

    @inline(never)
    private static func find(_ intake: RecordIntake) -> IntakeLane? {
        guard !vitrine_export_is_silent(), !intake.isInherited, let entries = unsafe entries else { return nil }
        let lane: IntakeLane
        if let known = unsafe entries.pointee.first(where: { $0.intake == intake.identity }) {
            lane = known.lane
        } else {
            // Those of intakes that are gone.
            unsafe entries.pointee.removeAll { entry in
                guard entry.lane.isAbandoned else { return false }
                entry.lane.release()
                return true
            }
            lane = intake.makeLane()
            unsafe entries.pointee.append(Entry(intake: intake.identity, lane: lane))
        }
        unsafe vitrine_export_set_lane(intake.identity, lane.pointer)
        return lane
    }

    private static var entries: Entries? {
        if let known = unsafe vitrine_export_lanes() { return unsafe known.assumingMemoryBound(to: [Entry].self) }
        // Without a key (a process has 1,024) nobody would end the lanes.
        guard let key else { return nil }
        let entries = Entries.allocate(capacity: 1)
        unsafe entries.initialize(to: [])
        guard unsafe pthread_setspecific(key, entries) == 0 else {
            unsafe entries.deinitialize(count: 1)
            unsafe entries.deallocate()
            return nil
        }
        unsafe vitrine_export_set_lanes(entries)
        return unsafe entries
    }

    private static func end(_ entries: Entries) {
        // What is emitted later at the thread's end gets lanes of its own.
        vitrine_export_set_lane(0, nil)
        vitrine_export_set_lanes(nil)
        for entry in unsafe entries.pointee { entry.lane.end() }
        unsafe entries.deinitialize(count: 1)
        unsafe entries.deallocate()
    }
}
