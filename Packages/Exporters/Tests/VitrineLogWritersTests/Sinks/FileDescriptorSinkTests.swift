// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import Glibc
import Synchronization
import Testing
import VitrineLogWriters
import VitrineObservability

@Suite("FileDescriptorSink")
struct FileDescriptorSinkTests {
    private func write(_ text: String, to sink: FileDescriptorSink) {
        sink.write(Array(text.utf8).span, level: .info)
    }

    @Test("eight threads write ten thousand lines each into a pipe, and every line is whole")
    func threads() async throws {
        let pipe = try Pipe.pipe()
        let writer = LineWriter(fileDescriptor: pipe.writeEnd, format: .full)
        let json = JSONLinesWriter(fileDescriptor: pipe.writeEnd)
        let received = Mutex<[UInt8]>([])
        // A thread of its own: the writers block all threads of the pool while the pipe is full.
        let reader = Thread { received.withLock { $0 = pipe.readAll() } }
        reader.start()
        await withTaskGroup(of: Void.self) { group in
            for thread in 0..<8 {
                group.addTask {
                    for index in 0..<10_000 {
                        let record = Sample.event("thread \(thread) line \(index) end", in: 1, [Field("index", index)])
                        record.withView { if index % 2 == 0 { writer.log($0) } else { json.log($0) } }
                    }
                }
            }
        }
        close(pipe.writeEnd)
        while !reader.isFinished { usleep(1_000) }
        let lines = received.withLock { String(decoding: $0, as: UTF8.self).split(separator: "\n") }
        close(pipe.readEnd)
        #expect(lines.count == 80_000)
        let head = "2026-11-22T10:39:29.123456Z INFO  host  sample{trace_id=\(Sample.trace) span_id=0000000000000001}: "
        let start =
            #"{"time":"2026-11-22T10:39:29.123456Z","level":"info","origin":"host","target":"sample","message":""#
        let end = #"","trace_id":"\#(Sample.trace)","span_id":"0000000000000001","fields":{"index":"#
        var expected: Set<String> = []
        for thread in 0..<8 {
            for index in 0..<10_000 {
                let message = "thread \(thread) line \(index) end"
                expected.insert(
                    index % 2 == 0 ? "\(head)\(message) index=\(index)" : "\(start)\(message)\(end)\(index)}}")
            }
        }
        #expect(Set(lines.map(String.init)) == expected)
        #expect(writer.losses == LineLosses())
    }

    @Test("lines that a pipe takes in many pieces are whole, too, from several sinks of it")
    func longLines() async throws {
        let pipe = try Pipe.pipe()
        let received = Mutex<[UInt8]>([])
        let reader = Thread { received.withLock { $0 = pipe.readAll() } }
        reader.start()
        await withTaskGroup(of: Void.self) { group in
            for letter in ["a", "b", "c", "d"] {
                group.addTask {
                    let sink = FileDescriptorSink(pipe.writeEnd)
                    let line = Array(String(repeating: letter, count: 20_000).utf8) + [UInt8(ascii: "\n")]
                    for _ in 0..<100 { sink.write(line.span, level: .info) }
                }
            }
        }
        close(pipe.writeEnd)
        while !reader.isFinished { usleep(1_000) }
        close(pipe.readEnd)
        let lines = received.withLock { $0.split(separator: UInt8(ascii: "\n")) }
        #expect(lines.count == 400)
        #expect(lines.allSatisfy { $0.count == 20_000 && Set($0).count == 1 })
    }

    @Test("a closed pipe is a counted loss and not the end of the process")
    func closedPipe() throws {
        let pipe = try Pipe.pipe()
        close(pipe.readEnd)
        defer { close(pipe.writeEnd) }
        let sink = FileDescriptorSink(pipe.writeEnd)
        write("one\n", to: sink)
        write("two\nthree\n", to: sink)
        #expect(sink.losses.closedCount == 3)
        #expect(sink.losses.lineCount == 3)
        #expect(sink.losses.lastErrno == EPIPE)
        var pending = sigset_t()
        // SAFETY: fills and reads a local signal set.
        unsafe sigpending(&pending)
        #expect(unsafe sigismember(&pending, SIGPIPE) == 0)
    }

    @Test("a signal of a broken pipe that waits already is left waiting")
    func pendingSignal() throws {
        let pipe = try Pipe.pipe()
        close(pipe.readEnd)
        defer { close(pipe.writeEnd) }
        var signals = sigset_t()
        var before = sigset_t()
        // SAFETY: all of these fill or read signal sets that are locals; the mask is put back below.
        unsafe sigemptyset(&signals)
        unsafe sigaddset(&signals, SIGPIPE)
        unsafe pthread_sigmask(SIG_BLOCK, &signals, &before)
        pthread_kill(pthread_self(), SIGPIPE)
        let sink = FileDescriptorSink(pipe.writeEnd)
        write("one\n", to: sink)
        var none = timespec()
        let taken = unsafe sigtimedwait(&signals, nil, &none)
        write("two\n", to: sink)
        let takenAgain = unsafe sigtimedwait(&signals, nil, &none)
        unsafe pthread_sigmask(SIG_SETMASK, &before, nil)
        #expect(taken == SIGPIPE)
        #expect(takenAgain == -1)
        #expect(sink.losses.closedCount == 2)
    }

    @Test("a closed socket is a counted loss")
    func closedSocket() throws {
        let pair = try Pipe.socketPair()
        let sink = FileDescriptorSink(pair.writeEnd)
        write("one\n", to: sink)
        #expect(String(decoding: pair.readAll(upTo: 4), as: UTF8.self) == "one\n")
        close(pair.readEnd)
        write("two\n", to: sink)
        #expect(sink.losses.closedCount == 1)
        close(pair.writeEnd)
        write("three\n", to: sink)
        #expect(sink.losses.otherCount == 1)
        #expect(sink.losses.lastErrno == EBADF)
    }

    @Test("a full disk is a counted loss")
    func fullDisk() throws {
        // SAFETY: the path is a literal, which Swift passes as a C string.
        let descriptor = unsafe open("/dev/full", O_WRONLY)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        let writer = LogfmtWriter(fileDescriptor: descriptor)
        writer.eventDidOccur(Sample.event("one", in: nil))
        writer.eventDidOccur(Sample.event("two", in: nil))
        #expect(writer.losses.fullCount == 2)
        #expect(writer.losses.lastErrno == ENOSPC)
    }

    @Test("a line that went out in part is closed before the next, and counted once")
    func partialLine() throws {
        let pipe = try Pipe.pipe()
        defer {
            close(pipe.readEnd)
            close(pipe.writeEnd)
        }
        // A pipe of one page that does not wait takes the first page of a longer line.
        let setPipeSize: Int32 = 1_031  // F_SETPIPE_SZ, which Swift does not import
        try #require(fcntl(pipe.writeEnd, setPipeSize, 4_096) == 4_096)
        try #require(fcntl(pipe.writeEnd, F_SETFL, O_NONBLOCK) == 0)
        let sink = FileDescriptorSink(pipe.writeEnd)
        write("first\n" + String(repeating: "x", count: 6_000) + "\nlast\n", to: sink)
        #expect(sink.losses.busyCount == 2)
        write("lost\n", to: sink)
        #expect(sink.losses.busyCount == 3)
        #expect(pipe.readAll(upTo: 4_096).count == 4_096)
        write("whole\n", to: sink)
        write("again\n", to: sink)
        #expect(String(decoding: pipe.readAll(upTo: 13), as: UTF8.self) == "\nwhole\nagain\n")
        #expect(sink.losses.lineCount == 3)
    }
}
