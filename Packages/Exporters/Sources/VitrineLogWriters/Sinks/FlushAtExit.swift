// SPDX-License-Identifier: MIT OR Apache-2.0

internal import Glibc
internal import Synchronization
internal import VitrineObservability

/// Has logs written out when the process exits: by returning from `main` or by `exit`, not by a signal, a trap or `_exit`.
///
/// Sinks that hold lines back do this by themselves. What a subscriber itself holds back, such as a tree writer its open
/// trees, is written out only if the program asks for it here.
public enum FlushAtExit {
    private struct Reference {
        weak var sink: BufferedSink?
    }

    private struct State {
        var sinks: [Reference] = []
        var isHooked = false
        var hasTelemetry = false
        /// The process that the sinks are of: a fork's copies of their lines are not to be written twice.
        var process: pid_t = 0
    }

    private static let state = Mutex(State())
    /// The thread that flushes because the process exits; 0 while there is none.
    private static let leaving = Atomic<UInt>(0)
    /// How often that thread still tries to get what another thread holds, a millisecond each time.
    private static let patience = Atomic<Int>(1_000)

    /// Has `Telemetry.flush()` called when this process exits. Harmless to ask for twice.
    ///
    /// A child made by `fork` has to ask for itself.
    ///
    /// - Returns: false if the C library has no memory for that.
    @discardableResult
    public static func enable() -> Bool {
        state.withLock { state in
            enter(&state)
            state.hasTelemetry = true
            return state.isHooked
        }
    }

    static func add(_ sink: BufferedSink) {
        // Whoever looks at a sink may be the last to hold it: they are let go of outside of the lock.
        let kept = state.withLock { state in
            enter(&state)
            var kept: [BufferedSink] = [sink]
            state.sinks.removeAll { reference in
                guard let sink = reference.sink else { return true }
                kept.append(sink)
                return false
            }
            state.sinks.append(Reference(sink: sink))
            return kept
        }
        withExtendedLifetime(kept) {}
    }

    /// Forgets what a parent asked for, and sees that the exit of this process comes here.
    private static func enter(_ state: inout State) {
        let process = getpid()
        if state.process != process {
            state.sinks.removeAll()
            state.hasTelemetry = false
            state.process = process
        }
        if !state.isHooked { state.isHooked = atexit { FlushAtExit.run() } == 0 }
    }

    private static func run() {
        let (sinks, hasTelemetry) = state.withLock { state in
            state.process == getpid() ? (state.sinks.compactMap(\.sink), state.hasTelemetry) : ([], false)
        }
        leaving.store(UInt(pthread_self()), ordering: .relaxed)
        if hasTelemetry { Telemetry.flush() }
        for sink in sinks { sink.flush() }
        leaving.store(0, ordering: .relaxed)
    }

    /// Whether the calling thread flushes because the process exits: it must not wait for a lock without end then.
    @inline(__always)
    static var isRunningHere: Bool {
        let thread = leaving.load(ordering: .relaxed)
        return thread != 0 && thread == UInt(pthread_self())
    }

    /// Tries to get at what another thread may hold. One that is inside finishes its line soon, unless it waits for a reader
    /// that has stopped: all attempts of an exit together wait for about a second.
    static func attempt(_ isDone: () -> Bool) -> Bool {
        while !isDone() {
            guard patience.load(ordering: .relaxed) > 0 else { return false }
            patience.wrappingSubtract(1, ordering: .relaxed)
            usleep(1_000)
        }
        return true
    }
}
