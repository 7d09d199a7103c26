// SPDX-License-Identifier: MIT OR Apache-2.0

internal import Glibc
internal import Synchronization
public import VitrineObservability

/// Writes lines to a file, and begins a new one when it is large or old: the old ones are `name.1`, `name.2` and so on.
///
/// Lines are appended, each call in one `write(2)`, and are never divided between files. Once a second, and before each
/// rotation, the sink looks whether the file is still at its path; if somebody moved or removed it (logrotate, an operator),
/// it begins a new one there. `reopen()` does that at once, for a handler of SIGHUP. It may also be emptied in place.
///
/// Nothing of this is an error to whoever logs. A full disk and a rotation that fails (a folder that is not to be written, a
/// folder in the place of an old file) are counted losses; a rotation is tried again once a second, and until it succeeds
/// there is no line beyond the size. One sink writes a file; a second one, or another process, may interleave rotations.
///
/// A pipe or a device in the place of the file is written to and never rotated.
///
/// About 25 ns beside the `write(2)`. A rotation renames as many files as there are, some microseconds each.
public final class RotatingFileSink: LineSink {
    private struct State: ~Copyable {
        var file: LogFile
        /// The period that the lines of the file are of.
        var period: UInt64
        /// The second in which the path was looked at last.
        var lookedAt: UInt64
        /// The second in which a rotation failed last.
        var failedAt: UInt64?
        var losses = LineLosses()

        var byteCount: UInt64 { file.byteCount }
        var isEmpty: Bool { byteCount == 0 }
    }

    private let path: String
    private let rotation: FileRotation
    private let permissions: UInt32
    private let now: @Sendable () -> UInt64
    private let state: Mutex<State>

    /// A sink to a file, which is made if it is not there.
    ///
    /// - Parameters:
    ///   - path: the file. Its folder has to exist, and to be one in which nobody else may make files.
    ///   - rotation: when to begin a new file.
    ///   - permissions: of files that are made, before the process's mask takes away from them.
    /// - Throws: the kernel's number if the file cannot be opened.
    public convenience init(
        path: String, rotation: FileRotation = FileRotation(), permissions: UInt32 = 0o640
    ) throws(LogSinkError) {
        try self.init(path: path, rotation: rotation, permissions: permissions) {
            var time = timespec()
            // SAFETY: the kernel fills a local of its type; it cannot fail for this clock.
            unsafe clock_gettime(CLOCK_REALTIME_COARSE, &time)
            return UInt64(clamping: time.tv_sec)
        }
    }

    /// A sink with a clock of its own, of seconds since 1970.
    init(
        path: String, rotation: FileRotation, permissions: UInt32 = 0o640, now: @escaping @Sendable () -> UInt64
    ) throws(LogSinkError) {
        self.path = path
        self.permissions = permissions
        self.now = now
        let rotation = FileRotation(
            maximumByteCount: rotation.maximumByteCount, periodSeconds: rotation.periodSeconds,
            keptFileCount: rotation.keptFileCount)
        self.rotation = rotation
        let file = try LogFile(path: path, permissions: permissions)
        let second = now()
        let period = rotation.period(of: file.byteCount > 0 ? file.modificationSecond : second)
        state = Mutex(State(file: consume file, period: period, lookedAt: second))
    }

    /// What was lost so far.
    public var losses: LineLosses { state.withLock { $0.losses } }

    /// Writes the lines.
    public func write(_ lines: Swift.Span<UInt8>, level: Level) {
        state.withLock { state in
            let second = now()
            if second != state.lookedAt { look(&state, second) }
            if rotation.period(of: second) != state.period, state.file.isRegular, !state.isEmpty {
                _ = rotate(&state, second)
            }
            var rest = lines
            while !rest.isEmpty {
                let fitting = fittingByteCount(of: rest, in: state)
                if fitting > 0 {
                    put(rest.extracting(first: fitting), &state)
                    rest = rest.extracting(droppingFirst: fitting)
                } else if state.isEmpty {
                    // A line that is longer than a file may be.
                    let length = Self.firstLineByteCount(of: rest)
                    state.losses.rotationCount += 1
                    rest = rest.extracting(droppingFirst: length)
                } else if !rotate(&state, second) {
                    state.losses.rotationCount += rest.lineCount
                    return
                }
            }
        }
    }

    /// Does nothing: nothing is held back. What the kernel holds back reaches the disk when it likes.
    public func flush() {}

    /// Opens the file of the path anew, and makes it if it has gone. If that fails the old one stays in use, and the
    /// failure is in `losses.lastErrno`.
    public func reopen() {
        state.withLock { state in
            let second = now()
            state.lookedAt = second
            open(&state, second)
        }
    }

    private func put(_ lines: Swift.Span<UInt8>, _ state: inout State) {
        let (written, number) = state.file.write(lines)
        if number != 0 { state.losses.add(max(1, lines.extracting(droppingFirst: written).lineCount), errno: number) }
    }

    /// How many bytes of whole lines the file still takes.
    private func fittingByteCount(of lines: Swift.Span<UInt8>, in state: borrowing State) -> Int {
        guard state.file.isRegular else { return lines.count }
        let room = rotation.maximumByteCount - min(state.byteCount, rotation.maximumByteCount)
        guard UInt64(lines.count) > room else { return lines.count }
        var end = Int(room)
        while end > 0, lines[end - 1] != UInt8(ascii: "\n") { end -= 1 }
        return end
    }

    private static func firstLineByteCount(of lines: Swift.Span<UInt8>) -> Int {
        for index in lines.indices where lines[index] == UInt8(ascii: "\n") { return index + 1 }
        return lines.count
    }

    /// Begins a new file if somebody took the old one away.
    private func look(_ state: inout State, _ second: UInt64) {
        state.lookedAt = second
        if !state.file.isStill(at: path) { open(&state, second) }
    }

    @discardableResult
    private func open(_ state: inout State, _ second: UInt64) -> Bool {
        do throws(LogSinkError) {
            let file = try LogFile(path: path, permissions: permissions)
            state.period = rotation.period(of: file.byteCount > 0 ? file.modificationSecond : second)
            state.file = consume file
            return true
        } catch {
            state.losses.lastErrno = error.errno
            return false
        }
    }

    /// Moves the old files on by one and begins a new one; false if that failed now or earlier in this second.
    private func rotate(_ state: inout State, _ second: UInt64) -> Bool {
        guard state.failedAt != second else { return false }
        // A file that is not ours any more is not ours to move.
        let number = state.file.isStill(at: path) ? FileSuccession.move(path, kept: rotation.keptFileCount) : 0
        if number == 0, open(&state, second) {
            state.failedAt = nil
            state.period = rotation.period(of: second)
            return true
        }
        if number != 0 { state.losses.lastErrno = number }
        state.failedAt = second
        return false
    }
}
