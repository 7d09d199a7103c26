// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing
import VitrineLogWriters
import VitrineObservability

/// Each test is a process of its own: what is said in it has to come out once, from the one that said it.
@Suite("Sinks in a child made by fork")
struct ForkTests {
    private static func write(_ text: String, to sink: BufferedSink) {
        sink.write(Array((text + "\n").utf8).span, level: .info)
    }

    private func sorted(_ bytes: [UInt8]) -> [String] {
        String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init).sorted()
    }

    @Test("a child does not write its parent's lines again")
    func silentChild() async throws {
        let result = try await #require(processExitsWith: .success, observing: [\.standardOutputContent]) {
            let sink = BufferedSink(FileDescriptorSink(1))
            Self.write("parent", to: sink)
            let status = runChild {}
            withExtendedLifetime(sink) { leave(status) }
        }
        #expect(sorted(result.standardOutputContent) == ["parent"])
    }

    @Test("a child with a sink of its own writes its own lines at its exit, and no others")
    func ownSink() async throws {
        let result = try await #require(processExitsWith: .success, observing: [\.standardOutputContent]) {
            let sink = BufferedSink(FileDescriptorSink(1))
            Self.write("parent", to: sink)
            let status = runChild {
                let own = BufferedSink(FileDescriptorSink(1))
                Self.write("child", to: own)
                withExtendedLifetime(own) { leave() }
            }
            withExtendedLifetime(sink) { leave(status) }
        }
        #expect(sorted(result.standardOutputContent) == ["child", "parent"])
    }

    @Test("a child that goes on with its parent's sink writes its own lines at its exit, and no others")
    func inheritedSink() async throws {
        let result = try await #require(processExitsWith: .success, observing: [\.standardOutputContent]) {
            let sink = BufferedSink(FileDescriptorSink(1))
            Self.write("parent", to: sink)
            let status = runChild {
                Self.write("child", to: sink)
                Self.write("child too", to: sink)
            }
            Self.write("parent too", to: sink)
            leave(status)
        }
        #expect(sorted(result.standardOutputContent) == ["child", "child too", "parent", "parent too"])
    }

    @Test("a child that flushes or releases its parent's sink writes nothing of it")
    func flushingChild() async throws {
        let result = try await #require(processExitsWith: .success, observing: [\.standardOutputContent]) {
            var sink: BufferedSink? = BufferedSink(FileDescriptorSink(1))
            if let sink { Self.write("parent", to: sink) }
            var status = runChild { sink?.flush() }
            guard status == 0 else { return leave(1) }
            status = runChild { sink = nil }
            withExtendedLifetime(sink) { leave(status) }
        }
        #expect(sorted(result.standardOutputContent) == ["parent"])
    }

    @Test("what a parent's subscriber holds back is flushed by the parent only, whatever sinks a child makes")
    func telemetry() async throws {
        let result = try await #require(processExitsWith: .success, observing: [\.standardOutputContent]) {
            guard FlushAtExit.enable() else { return leave(1) }
            Telemetry.install(TreeWriter())
            let span = Span("unfinished")
            let status = runChild {
                let own = BufferedSink(FileDescriptorSink(1))
                Self.write("child", to: own)
                withExtendedLifetime(own) { leave() }
            }
            withExtendedLifetime(span.context) { leave(status) }
        }
        let lines = sorted(result.standardOutputContent)
        #expect(lines.count { $0.contains("unfinished  (still open)") } == 1)
        #expect(lines.count { $0 == "child" } == 1)
    }
}
