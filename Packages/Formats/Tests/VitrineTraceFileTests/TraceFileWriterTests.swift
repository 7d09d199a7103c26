// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
import Testing
import VitrineTraceFile

@Suite struct TraceFileWriterTests {
    @Test func whatIsWrittenIsRead() throws {
        let file = TemporaryFile()
        let deep = (0..<300).map { UInt64(0x20_0000 + $0) }
        let frames: [UInt64] = [0x20_1234, 0x20_5678]
        var writer = try TraceFileWriter(path: file.path, buildID: [1, 2, 3], epochNanoseconds: 5, producer: "me")
        try writer.allocation(timeNanoseconds: 10, address: 0x1000, byteCount: 24, frames: frames.span)
        try writer.free(timeNanoseconds: 20, address: 0x1000, frames: frames.span)
        try writer.allocation(timeNanoseconds: 30, address: 0x2000, byteCount: 48, frames: deep.span)
        try writer.allocation(timeNanoseconds: 40, address: .max, byteCount: .max, frames: [UInt64]().span)
        try writer.dropped(count: 3, reason: .malformed)
        try writer.close()
        #expect(writer.writtenRecordCount == 5)
        #expect(writer.lostRecordCount == 0)

        let bytes = file.bytes()
        let reader = try TraceFileReader(parsing: bytes)
        #expect(reader.header == TraceFileHeader(buildID: [1, 2, 3], epochNanoseconds: 5, producer: "me"))
        let stack = TraceStack.frames(frames, isCut: false)
        let cut = TraceStack.frames(Array(deep.prefix(255)), isCut: true)
        let contents = try TraceContents(of: bytes)
        #expect(
            contents.records == [
                .allocation(TraceAllocation(timeNanoseconds: 10, address: 0x1000, byteCount: 24, stack: stack)),
                .free(TraceFree(timeNanoseconds: 20, address: 0x1000, stack: stack)),
                .allocation(TraceAllocation(timeNanoseconds: 30, address: 0x2000, byteCount: 48, stack: cut)),
                .allocation(TraceAllocation(timeNanoseconds: 40, address: .max, byteCount: .max, stack: .none)),
                .dropped(count: 3, reason: .malformed),
            ]
        )
        #expect(contents.notices == [.complete(recordCount: 5)])
    }

    @Test func aStackIsWrittenOnce() throws {
        let file = TemporaryFile()
        let frames = (0..<100).map { UInt64($0) }
        var writer = try TraceFileWriter(path: file.path, buildID: [])
        for _ in 0..<1000 {
            try writer.free(timeNanoseconds: 0, address: 0, frames: frames.span)
        }
        try writer.close()
        #expect(file.bytes().count == 96 + 24 + 808 + 1000 * 24 + 24 + 8)
    }

    @Test func moreStacksThanItRemembersAreStillRight() throws {
        let file = TemporaryFile()
        var options = TraceFileWriter.Options()
        options.maximumStackCount = 16
        options.maximumStackFrameCount = 300
        var writer = try TraceFileWriter(path: file.path, buildID: [], options: options)
        var generator = SeededGenerator(state: 1)
        let stacks = (0..<500).map { index in (0...(index % 20)).map { _ in generator.next() } }
        for round in 0..<3000 {
            let frames = stacks[round * 7 % 500]
            try writer.free(timeNanoseconds: UInt64(round), address: 0, frames: frames.span)
        }
        try writer.close()
        let contents = try TraceContents(of: file.bytes())
        #expect(contents.records.count == 3000)
        #expect(contents.notices == [.complete(recordCount: 3000)])
        for (round, record) in contents.records.enumerated() {
            guard case .free(let free) = record else { continue }
            #expect(free.stack.frames == stacks[round * 7 % 500])
        }
    }

    @Test func aWriterThatGoesAwayStillWritesWhatItHolds() throws {
        let file = TemporaryFile()
        do {
            var writer = try TraceFileWriter(path: file.path, buildID: [])
            try writer.free(timeNanoseconds: 1, address: 2, frames: [3].span)
        }
        #expect(try TraceContents(of: file.bytes()).notices == [.complete(recordCount: 1)])
    }

    @Test func flushedRecordsAreInTheFileBeforeItIsClosed() throws {
        let file = TemporaryFile()
        var writer = try TraceFileWriter(path: file.path, buildID: [])
        try writer.free(timeNanoseconds: 1, address: 2, frames: [3].span)
        try writer.flush()
        let bytes = file.bytes()
        let contents = try TraceContents(of: bytes)
        #expect(contents.records.count == 1)
        #expect(contents.notices == [.truncated(offset: bytes.count)])
        try writer.close()
    }

    @Test func aFullFileCountsAndTellsTheRest() throws {
        let file = TemporaryFile()
        var options = TraceFileWriter.Options()
        options.chunkByteCount = 512
        options.maximumFileByteCount = 2000
        var writer = try TraceFileWriter(path: file.path, buildID: [], options: options)
        for index in 0..<1000 {
            try writer.free(timeNanoseconds: UInt64(index), address: 0, frames: [UInt64]().span)
        }
        try writer.close()
        let bytes = file.bytes()
        #expect(bytes.count <= 2000 + 128)
        let contents = try TraceContents(of: bytes)
        let kept = UInt64(contents.records.count - 1)
        #expect(kept > 30)
        #expect(contents.records.last == .dropped(count: 1000 - kept, reason: .fileFull))
        #expect(writer.lostRecordCount == 1000 - kept)
    }

    @Test func aFailedWriteIsThrownAndCounted() throws {
        // SAFETY: the string's bytes live through the call.
        let descriptor = unsafe open("/dev/full", O_WRONLY)
        #expect(throws: TraceFileError.systemCall(.write, errno: ENOSPC)) {
            _ = try TraceFileWriter(takingOver: descriptor, header: SampleTrace.header)
        }
    }

    @Test func lossesAreToldWhenWritingWorksAgain() throws {
        // A pipe whose reader is slow: non-blocking writes fail with EAGAIN until it is emptied.
        var ends: [Int32] = [0, 0]
        // SAFETY: the array has room for two descriptors.
        try #require(unsafe pipe(&ends) == 0)
        defer { close(ends[0]) }
        for end in ends { try #require(fcntl(end, F_SETFL, O_NONBLOCK) == 0) }
        let setPipeSize: Int32 = 1031  // F_SETPIPE_SZ of <fcntl.h>, which Glibc's module leaves out
        try #require(fcntl(ends[1], setPipeSize, 4096) >= 4096)
        var writer = try TraceFileWriter(takingOver: ends[1], header: SampleTrace.header)
        var received = TemporaryFile.drain(ends[0])
        var failures = 0
        for index in 0..<1000 {
            do throws(TraceFileError) {
                try writer.free(timeNanoseconds: UInt64(index), address: 1, frames: [9, 8, 7].span)
                if index % 10 == 9 { try writer.flush() }
            } catch {
                #expect(error == .systemCall(.write, errno: EAGAIN))
                failures += 1
            }
            if index == 700 { received += TemporaryFile.drain(ends[0]) }
        }
        received += TemporaryFile.drain(ends[0])
        try writer.close()
        received += TemporaryFile.drain(ends[0])
        #expect(failures > 0)
        let contents = try TraceContents(of: received)
        var told: UInt64 = 0
        var kept: UInt64 = 0
        for record in contents.records {
            switch record {
            case .dropped(let count, .writeFailed): told += count
            case .free(let free):
                kept += 1
                #expect(free.stack.frames == [9, 8, 7])
            default: Issue.record("unexpected \(record)")
            }
        }
        #expect(told == writer.lostRecordCount)
        #expect(told + kept == 1000)
    }

    @Test func recordsAfterCloseAreRefused() throws {
        let file = TemporaryFile()
        var writer = try TraceFileWriter(path: file.path, buildID: [])
        try writer.close()
        try writer.close()
        var refusal: TraceFileError?
        do throws(TraceFileError) { try writer.dropped(count: 1, reason: .malformed) } catch { refusal = error }
        #expect(refusal == .closed)
    }

    @Test func aPathThatCannotBeOpenedIsAnError() {
        #expect(throws: TraceFileError.systemCall(.open, errno: ENOENT)) {
            _ = try TraceFileWriter(path: "/nonexistent/folder/file.trace", buildID: [])
        }
    }
}
