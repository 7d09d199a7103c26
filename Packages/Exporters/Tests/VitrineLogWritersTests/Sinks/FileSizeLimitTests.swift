// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import Glibc
import Testing
import VitrineLogWriters
import VitrineObservability

/// Limits are of a whole process, so that each test has one of its own.
@Suite("Sinks in a process whose files may not grow without limit")
struct FileSizeLimitTests {
    /// Lets files of this process grow to so many bytes, and no more.
    private static func limitFiles(to byteCount: UInt64) -> Bool {
        var limit = rlimit(rlim_cur: rlim_t(byteCount), rlim_max: rlim_t(byteCount))
        // SAFETY: the kernel reads a local of its type.
        return unsafe setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0
    }

    /// Whether a signal of a file that is too large waits in this thread.
    private static var isPending: Bool {
        var pending = sigset_t()
        // SAFETY: fills and reads a local signal set.
        unsafe sigpending(&pending)
        return unsafe sigismember(&pending, SIGXFSZ) == 1
    }

    private static func write(_ lineCount: Int, to sink: some LineSink) {
        let line = String(repeating: "x", count: 99) + "\n"
        for _ in 0..<lineCount { sink.write(Array(line.utf8).span, level: .info) }
    }

    @Test("lines that a file may not take are counted losses and not the end of the process")
    func descriptor() async {
        await #expect(processExitsWith: .success) {
            let folder = try TemporaryFolder()
            try #require(Self.limitFiles(to: 1_050))
            // SAFETY: the path is a C string for the call.
            let descriptor = unsafe open(folder.path("log"), O_WRONLY | O_CREAT, 0o600)
            try #require(descriptor >= 0)
            let sink = FileDescriptorSink(descriptor)
            Self.write(13, to: sink)
            #expect(sink.losses.fullCount == 3)
            #expect(sink.losses.lineCount == 3)
            #expect(sink.losses.lastErrno == EFBIG)
            #expect(!Self.isPending)
            #expect(folder.byteCount("log") == 1_050)
        }
    }

    @Test("a file that rotates counts what it may not take, too")
    func rotating() async {
        await #expect(processExitsWith: .success) {
            let folder = try TemporaryFolder()
            try #require(Self.limitFiles(to: 1_050))
            let sink = try RotatingFileSink(path: folder.path("log"))
            Self.write(12, to: sink)
            #expect(sink.losses.fullCount == 2)
            #expect(sink.losses.lastErrno == EFBIG)
            #expect(!Self.isPending)
        }
    }

    @Test("a signal of that kind that waits already is left waiting")
    func pendingSignal() async {
        await #expect(processExitsWith: .success) {
            let folder = try TemporaryFolder()
            try #require(Self.limitFiles(to: 50))
            // SAFETY: the path is a C string for the call.
            let descriptor = unsafe open(folder.path("log"), O_WRONLY | O_CREAT, 0o600)
            let sink = FileDescriptorSink(descriptor)
            var signals = sigset_t()
            // SAFETY: these fill or read signal sets that are locals of their type.
            unsafe sigemptyset(&signals)
            unsafe sigaddset(&signals, SIGXFSZ)
            unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
            pthread_kill(pthread_self(), SIGXFSZ)
            Self.write(2, to: sink)
            #expect(sink.losses.fullCount == 2)
            #expect(Self.isPending)
        }
    }
}
