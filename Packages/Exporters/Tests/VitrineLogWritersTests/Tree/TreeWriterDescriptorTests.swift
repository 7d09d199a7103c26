// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
import Testing
import VitrineLogWriters
import VitrineObservability

@Suite("TreeWriter on a file descriptor")
struct FileDescriptorTests {
    private func writeTree(_ writer: TreeWriter, _ name: String = "root") {
        writer.spanDidStart(Sample.span(1, name))
        writer.spanDidEnd(Sample.span(1, name, to: 10))
    }

    private func makePipe() throws -> (readEnd: Int32, writeEnd: Int32) {
        var ends: [Int32] = [-1, -1]
        // SAFETY: pipe writes two descriptors into an array of two.
        try #require(unsafe pipe(&ends) == 0)
        return (ends[0], ends[1])
    }

    @Test("writes the tree in one piece, without colors into a pipe")
    func pipeOutput() throws {
        let (readEnd, writeEnd) = try makePipe()
        let writer = TreeWriter(fileDescriptor: writeEnd)
        writeTree(writer)
        close(writeEnd)
        var bytes = [UInt8](repeating: 0, count: 4_096)
        // SAFETY: reads at most as many bytes as the array has.
        let count = unsafe read(readEnd, &bytes, bytes.count)
        close(readEnd)
        #expect(
            String(decoding: bytes.prefix(count), as: UTF8.self) == """
                trace 4bf92f3577b34da6a3ce929d0e0e4736 · 2026-11-22 10:39:29.123456 UTC · 1 span
                    10 ns         host   info   root


                """)
        #expect(writer.losses == TreeWriterLosses())
    }

    @Test("a closed pipe is a counted loss and not the end of the process")
    func closedPipe() throws {
        let (readEnd, writeEnd) = try makePipe()
        close(readEnd)
        defer { close(writeEnd) }
        let writer = TreeWriter(fileDescriptor: writeEnd)
        writeTree(writer)
        writeTree(writer)
        #expect(writer.losses.writeCount == 2)
        #expect(writer.losses.lastErrno == EPIPE)
        var pending = sigset_t()
        // SAFETY: fills a local signal set.
        unsafe sigpending(&pending)
        #expect(unsafe sigismember(&pending, SIGPIPE) == 0)
    }

    @Test("a full disk is a counted loss")
    func fullDisk() throws {
        // SAFETY: the path is a literal, which Swift passes as a C string.
        let descriptor = unsafe open("/dev/full", O_WRONLY)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        let writer = TreeWriter(fileDescriptor: descriptor)
        writeTree(writer)
        #expect(writer.losses.writeCount == 1)
        #expect(writer.losses.lastErrno == ENOSPC)
    }

    @Test("a descriptor that is not open is a counted loss")
    func notOpen() {
        let writer = TreeWriter(fileDescriptor: -1)
        writeTree(writer)
        #expect(writer.losses.lastErrno == EBADF)
    }

    @Test("a sink may refuse, and the next tree is offered to it again")
    func refusingSink() {
        let writer = TreeWriter { (_) throws(LogSinkError) in throw LogSinkError(errno: EAGAIN) }
        writeTree(writer)
        writeTree(writer)
        #expect(writer.losses.writeCount == 2)
        #expect(writer.losses.lastErrno == EAGAIN)
    }
}
