// SPDX-License-Identifier: MIT OR Apache-2.0

internal import Glibc
internal import Synchronization
internal import VitrineLogWriters
internal import VitrineObservability

/// The file of a timeline, which takes whole records only: after a write that failed half way it is cut back to the last
/// one, so that what comes later can be read. What cannot be cut, a pipe, takes nothing more then.
final class TimelineFile: LineSink {
    private struct State {
        var byteCount: UInt64 = 0
        var isBroken = false
        var failedWriteCount = 0
        var failedByteCount: UInt64 = 0
        var lastErrno: Int32 = 0
    }

    private let descriptor: Descriptor
    /// Whether it is ours to cut and to close.
    private let isOwned: Bool
    private let state = Mutex(State())
    private let failures = Atomic<Int>(0)

    /// A new file, in the place of an old one.
    init(path: String, permissions: UInt32) throws(TimelineError) {
        guard !path.utf8.contains(0) else { throw TimelineError(errno: EINVAL) }
        // A terminal in the place of the file must not become ours, nor a pipe without a reader stop us.
        let flags = O_WRONLY | O_APPEND | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY | O_NONBLOCK
        // SAFETY: the path is a C string for the call.
        let number = unsafe open(path, flags, permissions)
        guard number >= 0 else { throw TimelineError(errno: Glibc.errno) }
        descriptor = Descriptor(number)
        isOwned = true
    }

    /// A descriptor that stays the caller's.
    init(fileDescriptor: Int32) {
        descriptor = Descriptor(fileDescriptor)
        isOwned = false
    }

    deinit {
        if isOwned { Glibc.close(descriptor.number) }
    }

    /// Nothing: records are no lines. See `addLosses`.
    var losses: LineLosses { LineLosses() }

    /// How many writes failed: who declared something in one of them has to do so again.
    var failureCount: Int { failures.load(ordering: .relaxed) }

    /// Adds what was lost here.
    func addLosses(to losses: inout TimelineLosses) {
        let state = state.withLock { $0 }
        losses.failedWriteCount += state.failedWriteCount
        losses.failedByteCount += state.failedByteCount
        losses.lastErrno = state.lastErrno
    }

    /// Writes the records.
    func write(_ lines: Swift.Span<UInt8>, level: Level) { _ = put(lines) }

    /// Writes the records, and says why not: an error number, or 0.
    func put(_ bytes: Swift.Span<UInt8>) -> Int32 {
        state.withLock { state in
            guard !state.isBroken else { return lose(bytes.count, state.lastErrno, &state) }
            let (written, number) = descriptor.write(bytes)
            guard number != 0 else {
                state.byteCount += UInt64(written)
                return 0
            }
            if written > 0 { state.isBroken = !isOwned || !cut(to: state.byteCount) }
            return lose(bytes.count, number, &state)
        }
    }

    /// Does nothing: nothing is held back.
    func flush() {}

    private func lose(_ byteCount: Int, _ number: Int32, _ state: inout State) -> Int32 {
        state.failedWriteCount += 1
        state.failedByteCount += UInt64(byteCount)
        state.lastErrno = number
        failures.wrappingAdd(1, ordering: .relaxed)
        return number
    }

    private func cut(to byteCount: UInt64) -> Bool {
        guard let length = off_t(exactly: byteCount) else { return false }
        return ftruncate(descriptor.number, length) == 0
    }
}
