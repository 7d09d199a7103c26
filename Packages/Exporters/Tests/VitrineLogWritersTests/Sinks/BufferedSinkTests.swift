// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
import Testing
import VitrineLogWriters
import VitrineObservability

@Suite("BufferedSink")
struct BufferedSinkTests {
    private let lines = MemoryLines()

    private func write(_ text: String, _ level: Level = .info, to sink: BufferedSink) {
        sink.write(Array(text.utf8).span, level: level)
    }

    @Test("holds lines back until it is flushed, and hands them on together")
    func flush() {
        let sink = BufferedSink(lines)
        write("one\n", .debug, to: sink)
        write("two\n", to: sink)
        write("three\n", .trace, to: sink)
        #expect(lines.calls.isEmpty)
        sink.flush()
        sink.flush()
        #expect(lines.calls == [MemoryLines.Call(bytes: Array("one\ntwo\nthree\n".utf8), level: .info)])
        #expect(lines.flushCount == 2)
    }

    @Test("a line that matters goes out at once, with those before it")
    func level() {
        let sink = BufferedSink(lines)
        write("one\n", to: sink)
        write("two\n", .warn, to: sink)
        write("three\n", .error, to: sink)
        write("four\n", to: sink)
        #expect(lines.calls.map { String(decoding: $0.bytes, as: UTF8.self) } == ["one\ntwo\n", "three\n"])
        #expect(lines.calls.map(\.level) == [.warn, .error])
        let patient = BufferedSink(lines, flushLevel: .off)
        write("five\n", .error, to: patient)
        #expect(lines.calls.count == 2)
    }

    @Test("holds no more than it may, and never a part of a line")
    func size() {
        let sink = BufferedSink(lines, byteCount: 1)
        let line = String(repeating: "x", count: 999) + "\n"
        for _ in 0..<10 { write(line, to: sink) }
        #expect(lines.calls.map(\.bytes.count) == [4_000, 4_000])
        write(String(repeating: "y", count: 5_000) + "\n", to: sink)
        #expect(lines.calls.map(\.bytes.count) == [4_000, 4_000, 2_000, 5_001])
    }

    @Test("lets go of its lines when it is released")
    func release() {
        do {
            let writer = LineWriter(to: BufferedSink(lines))
            writer.eventDidOccur(Sample.event("kept", in: nil))
            #expect(lines.calls.isEmpty)
        }
        #expect(lines.text == "10:39:29.123 INFO  sample: kept\n")
    }

    @Test("counts every line that a full disk takes from it")
    func fullDisk() throws {
        // SAFETY: the path is a literal, which Swift passes as a C string.
        let descriptor = unsafe open("/dev/full", O_WRONLY)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        let writer = JSONLinesWriter(to: BufferedSink(FileDescriptorSink(descriptor)))
        for _ in 0..<50 { writer.eventDidOccur(Sample.event("lost", in: nil)) }
        #expect(writer.losses.lineCount == 0)
        writer.flush()
        #expect(writer.losses.fullCount == 50)
    }

    @Test("eight threads lose nothing")
    func threads() async {
        let writer = LogfmtWriter(to: BufferedSink(lines, byteCount: 10_000))
        await withTaskGroup(of: Void.self) { group in
            for thread in 0..<8 {
                group.addTask {
                    for index in 0..<500 { writer.eventDidOccur(Sample.event("\(thread)-\(index)", in: nil)) }
                }
            }
        }
        writer.flush()
        let messages = lines.text.split(separator: "\n").compactMap { $0.split(separator: "msg=").last }
        #expect(messages.count == 4_000)
        #expect(Set(messages).count == 4_000)
    }
}
