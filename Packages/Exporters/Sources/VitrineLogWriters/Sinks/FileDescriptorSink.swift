// SPDX-License-Identifier: MIT OR Apache-2.0

internal import Glibc
internal import Synchronization
public import VitrineObservability

/// Writes lines to a file descriptor, each call in one `write(2)`: what was logged is out when the call returns.
///
/// The descriptor stays the caller's, has to stay open, and has to stay what it is while the sink is used. Sinks of the same
/// descriptor take turns, so that several writers may share a terminal. A reader that has gone (without SIGPIPE), a full
/// disk and a descriptor that would block are counted losses. A reader that is slow is waited for, unless the descriptor
/// is non-blocking.
///
/// If a line went out in part before the disk was full, the next one of this sink begins with a line feed and stands alone.
public final class FileDescriptorSink: LineSink {
    /// One lock for all sinks of a descriptor; different descriptors may share one, which costs time only.
    private static let turns = InlineArray<64, Mutex<Void>> { _ in Mutex(()) }

    private let descriptor: Descriptor
    private let isInsideLine = Atomic<Bool>(false)
    private let lost = Mutex(LineLosses())

    /// A sink to a file descriptor.
    public init(_ fileDescriptor: Int32) {
        descriptor = Descriptor(fileDescriptor)
    }

    /// What was lost so far.
    public var losses: LineLosses { lost.withLock { $0 } }

    /// Writes the lines.
    public func write(_ lines: Swift.Span<UInt8>, level: Level) {
        let (written, number) = put(lines)
        if number != 0 {
            let count = max(1, lines.extracting(droppingFirst: written).lineCount)
            lost.withLock { $0.add(count, errno: number) }
        }
    }

    /// Does nothing: nothing is held back.
    public func flush() {}

    /// Writes bytes, and says how many went out and why not all.
    @inline(__always)
    func put(_ bytes: Swift.Span<UInt8>) -> (written: Int, errno: Int32) {
        guard !FlushAtExit.isRunningHere else { return putAtExit(bytes) }
        return Self.turns[Int(truncatingIfNeeded: descriptor.number) & 63].withLock { _ in putInTurn(bytes) }
    }

    /// The same while the process exits, when the thread whose turn it is may never end it: what finds no turn is lost.
    @inline(never)
    private func putAtExit(_ bytes: Swift.Span<UInt8>) -> (written: Int, errno: Int32) {
        var result = (written: 0, errno: EAGAIN)
        _ = FlushAtExit.attempt {
            Self.turns[Int(truncatingIfNeeded: descriptor.number) & 63].withLockIfAvailable { _ in
                result = putInTurn(bytes)
            } != nil
        }
        return result
    }

    @inline(__always)
    private func putInTurn(_ bytes: Swift.Span<UInt8>) -> (written: Int, errno: Int32) {
        if isInsideLine.load(ordering: .relaxed) {
            let (_, number) = descriptor.write([UInt8(ascii: "\n")].span)
            guard number == 0 else { return (0, number) }
            isInsideLine.store(false, ordering: .relaxed)
        }
        let result = descriptor.write(bytes)
        if result.errno != 0, result.written > 0 {
            let isAtEnd = bytes[result.written - 1] == UInt8(ascii: "\n")
            isInsideLine.store(!isAtEnd, ordering: .relaxed)
        }
        return result
    }
}
