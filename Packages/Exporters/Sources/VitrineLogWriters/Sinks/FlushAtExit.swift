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
    /// How long to wait for a sink that another thread uses, in milliseconds.
    private static let patience = 1_000

    /// Has `Telemetry.flush()` called when this process exits. Harmless to ask for twice.
    ///
    /// - Returns: false if the C library has no memory for that.
    @discardableResult
    public static func enable() -> Bool {
        state.withLock { state in
            state.hasTelemetry = true
            return hook(&state)
        }
    }

    static func add(_ sink: BufferedSink) {
        state.withLock { state in
            state.sinks.removeAll { $0.sink == nil }
            state.sinks.append(Reference(sink: sink))
            _ = hook(&state)
        }
    }

    private static func hook(_ state: inout State) -> Bool {
        state.process = getpid()
        if !state.isHooked { state.isHooked = atexit { FlushAtExit.run() } == 0 }
        return state.isHooked
    }

    private static func run() {
        let (sinks, hasTelemetry) = state.withLock { state in
            state.process == getpid() ? (state.sinks.compactMap(\.sink), state.hasTelemetry) : ([], false)
        }
        if hasTelemetry { Telemetry.flush() }
        for sink in sinks {
            // A thread that is inside of the sink finishes its line soon, unless it waits for a reader that has stopped.
            var tries = 0
            while !sink.flushIfFree(), tries < patience {
                usleep(1_000)
                tries += 1
            }
        }
    }
}
