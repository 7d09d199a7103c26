// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import Glibc
import Synchronization
import Testing
import VitrineObservability
import VitrineTimelines

/// Files that are cut short, refused or shared.
@Suite("Files of timelines")
struct TimelineFileTests {
    private static func emit(_ count: Int) {
        for number in 0..<UInt64(count) { MadeSpan("span", at: 10 * number).end(at: 10 * number + 5) }
    }

    @Test("what is flushed can be read without the end of the file")
    func cutShort() throws {
        let folder = try TimelineFolder()
        let chrome = try ChromeTraceWriter(path: folder.chrome)
        let perfetto = try PerfettoTraceWriter(path: folder.perfetto)
        Telemetry.withSubscriber(FanOut(chrome, perfetto)) {
            Self.emit(20)
        }
        chrome.flush()
        perfetto.flush()
        let text = try Data(contentsOf: URL(filePath: folder.chrome))
        #expect(throws: (any Error).self) { try ChromeFile(text) }
        #expect(try ChromeFile(text + Data("]".utf8)).slices.count == 20)
        #expect(try PerfettoFile(path: folder.perfetto).slices.count == 20)
        withExtendedLifetime((chrome, perfetto)) {}
    }

    @Test("what comes after the end is counted, and a second end does nothing")
    func closed() throws {
        let folder = try TimelineFolder()
        let chrome = try ChromeTraceWriter(path: folder.chrome)
        let perfetto = try PerfettoTraceWriter(path: folder.perfetto)
        Telemetry.withSubscriber(FanOut(chrome, perfetto)) {
            Self.emit(1)
            chrome.close()
            perfetto.close()
            Self.emit(2)
        }
        chrome.close()
        perfetto.close()
        #expect(chrome.losses.closedCount == 2 && perfetto.losses.closedCount == 2)
        #expect(try ChromeFile(path: folder.chrome).slices.count == 1)
        #expect(try PerfettoFile(path: folder.perfetto).slices.count == 1)
    }

    @Test("a file that cannot be made or written is an error with the kernel's number")
    func refused() {
        #expect(throws: TimelineError(errno: ENOENT)) { try ChromeTraceWriter(path: "/nowhere/at/all") }
        #expect(throws: TimelineError(errno: EINVAL)) { try PerfettoTraceWriter(path: "a\u{0}b") }
        #expect(throws: TimelineError(errno: ENOSPC)) { try ChromeTraceWriter(path: "/dev/full") }
        #expect(throws: TimelineError(errno: ENOSPC)) { try PerfettoTraceWriter(path: "/dev/full") }
        let words = "the timeline cannot be written: No such file or directory (errno \(ENOENT))"
        #expect(TimelineError(errno: ENOENT).description == words)
        #expect(throws: TimelineError(errno: EBADF)) { try PerfettoTraceWriter(fileDescriptor: -1) }
    }

    @Test("a disk that is full for a while is counted, and all before and after can be read")
    func fullDisk() async {
        await #expect(processExitsWith: .success) {
            let folder = try TimelineFolder()
            let chrome = try ChromeTraceWriter(path: folder.chrome)
            let perfetto = try PerfettoTraceWriter(path: folder.perfetto)
            func limitFiles(to byteCount: UInt64) {
                var limit = rlimit(rlim_cur: rlim_t(byteCount), rlim_max: rlim_t.max)
                // SAFETY: the kernel reads a local of its type.
                let result = unsafe setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
                #expect(result == 0)
            }
            signal(SIGXFSZ, SIG_IGN)
            Telemetry.withSubscriber(FanOut(chrome, perfetto)) {
                Self.emit(10)
                chrome.flush()
                perfetto.flush()
                limitFiles(to: 4_000)
                Self.emit(30)
                chrome.flush()
                perfetto.flush()
                limitFiles(to: .max)
                Self.emit(5)
            }
            chrome.close()
            perfetto.close()
            for losses in [chrome.losses, perfetto.losses] {
                #expect(losses.failedWriteCount == 1 && losses.lastErrno == EFBIG)
                #expect(losses.failedByteCount > 4_000 && losses.recordCount == 0)
            }
            let text = try ChromeFile(path: folder.chrome).slices
            #expect(text.count == 15 && text.allSatisfy { $0.lane.hasPrefix("host ") && $0.process == "host" })
            let packets = try PerfettoFile(path: folder.perfetto).slices
            #expect(packets.count == 15 && packets.allSatisfy { $0.lane.hasPrefix("host ") && $0.process == "host" })
        }
    }

    @Test("a reader that has gone is counted and raises no signal")
    func pipe() throws {
        var ends: (Int32, Int32) = (0, 0)
        // SAFETY: the kernel fills two numbers in a row.
        let result = unsafe withUnsafeMutableBytes(of: &ends) {
            unsafe Glibc.pipe($0.bindMemory(to: Int32.self).baseAddress)
        }
        try #require(result == 0)
        let writer = try PerfettoTraceWriter(fileDescriptor: ends.1)
        close(ends.0)
        Telemetry.withSubscriber(writer) { Self.emit(3) }
        writer.close()
        close(ends.1)
        #expect(writer.losses.failedWriteCount == 1 && writer.losses.lastErrno == EPIPE)
        #expect(writer.losses.failedByteCount > 300)
    }

    @Test("a child made by fork writes nothing into its parent's file")
    func fork() async {
        await #expect(processExitsWith: .success) {
            let folder = try TimelineFolder()
            let chrome = try ChromeTraceWriter(path: folder.chrome)
            let perfetto = try PerfettoTraceWriter(path: folder.perfetto)
            Telemetry.install(FanOut(chrome, perfetto))
            Self.emit(2)
            typealias Fork = @convention(c) () -> pid_t
            // SAFETY: the symbol is the C library's, of this type; no other thread holds a lock that the child needs.
            let symbol = try unsafe #require(dlsym(nil, "fork"))
            let child = unsafe unsafeBitCast(symbol, to: Fork.self)()
            if child == 0 {
                Self.emit(3)
                Telemetry.flush()
                chrome.close()
                let isRight = chrome.losses.forkedCount == 3 && perfetto.losses.forkedCount == 3
                // By `exit`, at which what waits would be written.
                exit(isRight ? 0 : 1)
            }
            var status: Int32 = 0
            // SAFETY: the kernel fills a local of its type.
            unsafe waitpid(child, &status, 0)
            #expect(status == 0)
            Self.emit(1)
            Telemetry.uninstall()
            chrome.close()
            perfetto.close()
            #expect(try ChromeFile(path: folder.chrome).slices.count == 3)
            #expect(try PerfettoFile(path: folder.perfetto).slices.count == 3)
            #expect(chrome.losses == TimelineLosses() && perfetto.losses == TimelineLosses())
        }
    }

    @Test("threads that emit at once lose nothing and nest")
    func threads() throws {
        let (chrome, perfetto, losses) = try TimelineFolder.write {
            let root = MadeSpan("root", at: 0)
            let subscriber = TelemetryContext.current
            DispatchQueue.concurrentPerform(iterations: 4) { thread in
                subscriber.run {
                    for number: UInt64 in 0..<200 {
                        let span = MadeSpan("outer \(thread)", in: root, at: 10 * number + 1)
                        let inner = MadeSpan("inner \(thread)", in: span, at: 10 * number + 3)
                        inner.say("said", at: 10 * number + 4)
                        inner.end(at: 10 * number + 5)
                        span.end(at: 10 * number + 7)
                    }
                }
            }
            root.end(at: 5_000)
        }
        #expect(losses == [TimelineLosses(), TimelineLosses()])
        for slices in [chrome.slices, perfetto.slices] {
            #expect(slices.count == 1_601)
            #expect(Slice.nested(slices) != nil)
        }
        #expect(chrome.records("i").count == 800 && perfetto.instants.count == 800)
    }
}
