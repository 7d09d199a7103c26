// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import Glibc
import Synchronization
import Testing
import VitrineLogWriters
import VitrineObservability

/// A reader that has stopped: whoever writes to it never comes back.
private final class Stalled: LineSink {
    private let isEntered = Atomic<Bool>(false)

    func write(_ lines: Swift.Span<UInt8>, level: Level) { stay() }
    func flush() {}
    var losses: LineLosses { LineLosses() }

    func stay() {
        isEntered.store(true, ordering: .releasing)
        while true { pause() }
    }

    /// Has another thread write, and returns when it is stuck.
    func stop(_ write: @escaping @Sendable () -> Void) {
        Thread.detachNewThread(write)
        while !isEntered.load(ordering: .acquiring) { usleep(1_000) }
    }
}

/// A test whose exit hangs is ended by the signal of the alarm, and fails.
@Suite("FlushAtExit")
struct FlushAtExitTests {
    private static let alarmSeconds: UInt32 = 300

    @Test("what is held back comes out when the process exits")
    func exitFlushes() async throws {
        let result = try await #require(processExitsWith: .success, observing: [\.standardOutputContent]) {
            let writer = LineWriter(to: BufferedSink(FileDescriptorSink(1)))
            Telemetry.install(writer)
            event("the last words", target: "sample")
            leave()
        }
        let output = String(decoding: result.standardOutputContent, as: UTF8.self)
        #expect(output.contains("INFO  sample: the last words\n"))
    }

    @Test("what a subscriber holds back comes out when the program asked for it")
    func exitFlushesTelemetry() async throws {
        let result = try await #require(processExitsWith: .success, observing: [\.standardOutputContent]) {
            guard FlushAtExit.enable(), FlushAtExit.enable() else { return leave(1) }
            Telemetry.install(TreeWriter())
            let span = Span("unfinished")
            withExtendedLifetime(span.context) { leave() }
        }
        let output = String(decoding: result.standardOutputContent, as: UTF8.self)
        #expect(output.contains("unfinished  (still open)\n"))
    }

    @Test("an exit in the middle of a write ends, without the lines that could not be reached")
    func exitInside() async throws {
        final class Leaving: LineSink {
            func write(_ lines: Swift.Span<UInt8>, level: Level) { leave() }
            func flush() {}
            var losses: LineLosses { LineLosses() }
        }
        await #expect(processExitsWith: .success) {
            let sink = BufferedSink(Leaving())
            sink.write([UInt8(ascii: "\n")].span, level: .error)
        }
    }

    @Test("an exit does not wait without end for a thread that is stuck in a sink that the subscriber flushes")
    func stuckSink() async throws {
        let result = try await #require(processExitsWith: .success, observing: [\.standardOutputContent]) {
            alarm(Self.alarmSeconds)
            guard FlushAtExit.enable() else { return leave(1) }
            let stalled = Stalled()
            let stuck = LineWriter(to: BufferedSink(stalled))
            let well = LineWriter(to: BufferedSink(FileDescriptorSink(1)))
            Telemetry.install(FanOut(stuck, well))
            stalled.stop { stuck.eventDidOccur(Sample.event("stuck", in: nil, level: .error)) }
            well.eventDidOccur(Sample.event("comes out", in: nil))
            leave()
        }
        #expect(String(decoding: result.standardOutputContent, as: UTF8.self).contains("sample: comes out\n"))
    }

    @Test("an exit does not wait without end for a thread that is stuck in a descriptor")
    func stuckDescriptor() async {
        await #expect(processExitsWith: .success) {
            alarm(Self.alarmSeconds)
            let pipe = try Pipe.pipe()
            let held = BufferedSink(FileDescriptorSink(pipe.writeEnd))
            held.write([UInt8(ascii: "\n")].span, level: .info)
            Thread.detachNewThread {
                let text = [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20)
                FileDescriptorSink(pipe.writeEnd).write(text.span, level: .info)
            }
            // The pipe is full once the thread is inside of its write, where it stays.
            var full = pollfd(fd: pipe.writeEnd, events: Int16(POLLOUT), revents: 0)
            // SAFETY: one local of its type.
            while unsafe poll(&full, 1, 0) != 0 { usleep(1_000) }
            withExtendedLifetime(held) { leave() }
        }
    }

    @Test("an exit does not wait without end for a thread that is stuck in the sink of a tree writer")
    func stuckTree() async {
        await #expect(processExitsWith: .success) {
            alarm(Self.alarmSeconds)
            guard FlushAtExit.enable() else { return leave(1) }
            let stalled = Stalled()
            let writer = TreeWriter { _ in stalled.stay() }
            Telemetry.install(writer)
            let span = Span("unfinished")
            stalled.stop { writer.eventDidOccur(Sample.event("alone", in: nil)) }
            withExtendedLifetime(span.context) { leave() }
        }
    }
}
