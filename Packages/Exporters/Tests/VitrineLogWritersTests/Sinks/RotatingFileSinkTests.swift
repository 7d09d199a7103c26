// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import Glibc
import Synchronization
import Testing
import VitrineObservability

@testable import VitrineLogWriters

@Suite("RotatingFileSink")
struct RotatingFileSinkTests {
    /// A clock that a test sets.
    private final class Clock: Sendable {
        let second = Atomic<UInt64>(1_000_000)
    }

    private let folder: TemporaryFolder
    private let clock = Clock()

    init() throws { folder = try TemporaryFolder() }

    private func sink(_ rotation: FileRotation) throws -> RotatingFileSink {
        try RotatingFileSink(path: folder.path("log"), rotation: rotation) { [clock] in
            clock.second.load(ordering: .relaxed)
        }
    }

    private func write(_ text: String, to sink: RotatingFileSink) {
        sink.write(Array(text.utf8).span, level: .info)
    }

    /// A line of a thousand bytes that begins with a number.
    private func line(_ number: Int) -> String {
        let start = "\(number) "
        return start + String(repeating: "x", count: 999 - start.utf8.count) + "\n"
    }

    private func numbers(_ name: String) -> [Int] {
        folder.text(name).split(separator: "\n").map { $0.split(separator: " ").first.flatMap { Int($0) } ?? -1 }
    }

    @Test("begins a new file when the old one is full, and keeps as many as it may")
    func size() throws {
        let sink = try sink(FileRotation(maximumByteCount: 4_500, keptFileCount: 2))
        for number in 0..<10 { write(line(number), to: sink) }
        #expect(folder.names == ["log", "log.1", "log.2"])
        #expect(numbers("log") == [8, 9])
        #expect(numbers("log.1") == [4, 5, 6, 7])
        #expect(numbers("log.2") == [0, 1, 2, 3])
        for number in 10..<15 { write(line(number), to: sink) }
        #expect(folder.names == ["log", "log.1", "log.2"])
        #expect(numbers("log.2") == [4, 5, 6, 7])
        #expect(sink.losses == LineLosses())
    }

    @Test("keeps no old file when there is to be none")
    func noneKept() throws {
        let sink = try sink(FileRotation(maximumByteCount: 4_500, keptFileCount: 0))
        for number in 0..<10 { write(line(number), to: sink) }
        #expect(folder.names == ["log"])
        #expect(numbers("log") == [8, 9])
    }

    @Test("divides what a buffer hands over between files, but no line")
    func batches() throws {
        let file = try sink(FileRotation(maximumByteCount: 4_500, keptFileCount: 9))
        let buffer = BufferedSink(file, byteCount: 9_000)
        for number in 0..<20 { buffer.write(Array(line(number).utf8).span, level: .info) }
        buffer.flush()
        #expect(folder.names == ["log", "log.1", "log.2", "log.3", "log.4"])
        for index in 0..<5 {
            #expect(numbers(index == 4 ? "log" : "log.\(4 - index)") == Array(4 * index..<4 * index + 4))
        }
        #expect(file.losses == LineLosses())
    }

    @Test("a line that is longer than a file may be is a counted loss, those beside it are not")
    func longLine() throws {
        let sink = try sink(FileRotation(maximumByteCount: 1, keptFileCount: 2))
        let long = String(repeating: "y", count: Int(FileRotation.minimumByteCount)) + "\n"
        write(line(1) + long + line(2), to: sink)
        write(long, to: sink)
        write(line(3), to: sink)
        #expect((numbers("log.2") + numbers("log.1") + numbers("log")).filter { $0 > 0 } == [1, 2, 3])
        #expect(sink.losses.rotationCount == 2)
    }

    @Test("begins a new file with a new period, also when the program was started again meanwhile")
    func period() throws {
        let rotation = FileRotation(periodSeconds: 3_600, keptFileCount: 5)
        // Whole hours since 1970: 277 and 278.
        clock.second.store(277 * 3_600 + 10, ordering: .relaxed)
        var first: RotatingFileSink? = try sink(rotation)
        first.map { write("one\n", to: $0) }
        clock.second.store(277 * 3_600 + 3_599, ordering: .relaxed)
        first.map { write("two\n", to: $0) }
        clock.second.store(278 * 3_600, ordering: .relaxed)
        first.map { write("three\n", to: $0) }
        #expect(folder.text("log.1") == "one\ntwo\n")
        #expect(folder.text("log") == "three\n")
        first = nil
        // The file's own time says which period its lines are of.
        let written = Date(timeIntervalSince1970: 278 * 3_600 + 5)
        try FileManager.default.setAttributes([.modificationDate: written], ofItemAtPath: folder.path("log"))
        clock.second.store(278 * 3_600 + 20, ordering: .relaxed)
        write("four\n", to: try sink(rotation))
        #expect(folder.text("log") == "three\nfour\n")
        try FileManager.default.setAttributes([.modificationDate: written], ofItemAtPath: folder.path("log"))
        clock.second.store(279 * 3_600, ordering: .relaxed)
        write("five\n", to: try sink(rotation))
        #expect(folder.text("log.1") == "three\nfour\n")
        #expect(folder.text("log") == "five\n")
    }

    @Test("an empty file is not rotated for its age")
    func emptyPeriod() throws {
        let sink = try sink(FileRotation(periodSeconds: 60))
        clock.second.store(2_000_000, ordering: .relaxed)
        write("one\n", to: sink)
        #expect(folder.names == ["log"])
    }

    @Test("appends to the file that is there, and makes it for its group only")
    func appends() throws {
        try write("one\n", to: sink(FileRotation()))
        try write("two\n", to: sink(FileRotation()))
        #expect(folder.text("log") == "one\ntwo\n")
        let attributes = try FileManager.default.attributesOfItem(atPath: folder.path("log"))
        let permissions = try #require(attributes[.posixPermissions] as? Int)
        #expect(permissions & ~0o640 == 0)
        #expect(permissions & 0o400 != 0)
    }

    @Test("sees within a second that its file was moved, removed or emptied")
    func movedAway() throws {
        let sink = try sink(FileRotation())
        write("one\n", to: sink)
        try FileManager.default.moveItem(atPath: folder.path("log"), toPath: folder.path("moved"))
        write("two\n", to: sink)
        #expect(folder.text("moved") == "one\ntwo\n")
        clock.second.add(1, ordering: .relaxed)
        write("three\n", to: sink)
        #expect(folder.text("log") == "three\n")
        try FileManager.default.removeItem(atPath: folder.path("log"))
        clock.second.add(1, ordering: .relaxed)
        write("four\n", to: sink)
        #expect(folder.text("log") == "four\n")
        // SAFETY: the path is a C string for the call.
        #expect(unsafe truncate(folder.path("log"), 0) == 0)
        write("five\n", to: sink)
        #expect(folder.text("log") == "five\n")
        #expect(sink.losses == LineLosses())
    }

    @Test("opens its file anew when told to")
    func reopen() throws {
        let sink = try sink(FileRotation())
        write("one\n", to: sink)
        try FileManager.default.moveItem(atPath: folder.path("log"), toPath: folder.path("moved"))
        sink.reopen()
        write("two\n", to: sink)
        #expect(folder.text("moved") == "one\n")
        #expect(folder.text("log") == "two\n")
    }

    @Test("does not move a file that is not its own")
    func strangersFile() throws {
        let sink = try sink(FileRotation(maximumByteCount: 4_500, keptFileCount: 2))
        for number in 0..<4 { write(line(number), to: sink) }
        try FileManager.default.moveItem(atPath: folder.path("log"), toPath: folder.path("moved"))
        try "stranger\n".write(toFile: folder.path("log"), atomically: false, encoding: .utf8)
        write(line(4), to: sink)
        #expect(folder.names == ["log", "moved"])
        #expect(folder.text("log") == "stranger\n" + line(4))
    }

    @Test("a rotation that fails is a counted loss, is tried again, and lets no file grow")
    func failingRotation() throws {
        let sink = try sink(FileRotation(maximumByteCount: 4_500, keptFileCount: 1))
        // A folder in the place of the old file: nothing can be renamed to it.
        try FileManager.default.createDirectory(atPath: folder.path("log.1"), withIntermediateDirectories: false)
        for number in 0..<6 { write(line(number), to: sink) }
        #expect(numbers("log") == [0, 1, 2, 3])
        #expect(sink.losses.rotationCount == 2)
        #expect(sink.losses.lastErrno == EISDIR)
        try FileManager.default.removeItem(atPath: folder.path("log.1"))
        write(line(6), to: sink)
        #expect(sink.losses.rotationCount == 3)
        clock.second.add(1, ordering: .relaxed)
        write(line(7), to: sink)
        #expect(numbers("log.1") == [0, 1, 2, 3])
        #expect(numbers("log") == [7])
        #expect(sink.losses.lineCount == 3)
    }

    @Test("a full disk is a counted loss")
    func fullDisk() throws {
        let sink = try RotatingFileSink(path: "/dev/full")
        write("one\ntwo\n", to: sink)
        #expect(sink.losses.fullCount == 2)
        #expect(sink.losses.lastErrno == ENOSPC)
    }

    @Test("a pipe in the place of the file is written to and never moved")
    func fifo() throws {
        // SAFETY: the path is a C string for the calls; the array has room for what is read.
        try #require(unsafe mkfifo(folder.path("log"), 0o600) == 0)
        #expect(throws: LogSinkError(errno: ENXIO)) { try RotatingFileSink(path: folder.path("log")) }
        let reader = unsafe open(folder.path("log"), O_RDWR)
        defer { close(reader) }
        let sink = try sink(FileRotation(maximumByteCount: 4_500, periodSeconds: 60, keptFileCount: 2))
        for number in 0..<10 {
            clock.second.add(100, ordering: .relaxed)
            write(line(number), to: sink)
        }
        #expect(folder.names == ["log"])
        var bytes = [UInt8](repeating: 0, count: 20_000)
        let count = unsafe read(reader, &bytes, bytes.count)
        #expect(String(decoding: bytes.prefix(max(0, count)), as: UTF8.self) == (0..<10).map(line).joined())
        #expect(sink.losses == LineLosses())
    }

    @Test("a path that cannot be opened is an error with its number")
    func badPaths() {
        let missing = folder.path("missing/log")
        #expect(throws: LogSinkError(errno: ENOENT)) { try RotatingFileSink(path: missing) }
        let words = "lines cannot be written: No such file or directory (errno \(ENOENT))"
        #expect(LogSinkError(errno: ENOENT).description == words)
        #expect(throws: LogSinkError(errno: EISDIR)) { try RotatingFileSink(path: "/") }
        #expect(throws: LogSinkError(errno: EINVAL)) { try RotatingFileSink(path: "a\0b") }
    }

    @Test("four threads lose no line over many rotations, and all files stay within their size")
    func threads() async throws {
        let sink = try sink(FileRotation(maximumByteCount: 20_000, keptFileCount: 1_000))
        let writer = LineWriter(to: sink)
        await withTaskGroup(of: Void.self) { group in
            for thread in 0..<4 {
                group.addTask {
                    for index in 0..<2_000 { writer.eventDidOccur(Sample.event("\(thread)-\(index)", in: nil)) }
                }
            }
        }
        var messages: [Substring] = []
        let names = folder.names
        #expect(names.count > 10)
        for name in names {
            #expect(folder.byteCount(name) <= 20_000)
            messages += folder.text(name).split(separator: "\n").compactMap { $0.split(separator: " ").last }
        }
        #expect(messages.count == 8_000)
        #expect(Set(messages).count == 8_000)
        #expect(writer.losses == LineLosses())
    }
}
