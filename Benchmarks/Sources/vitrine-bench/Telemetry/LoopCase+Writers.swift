// SPDX-License-Identifier: MIT OR Apache-2.0

import BenchmarkHarness
import CBenchmarkProbes
import Foundation
import VitrineLogWriters
import VitrineObservability

// An event with two fields becomes a line: the whole way, with the time and the write.
extension LoopCase {
    static let writers = [
        LoopCase(name: "line_format", summary: "an event with two fields as a line for people, thrown away", goal: 150)
        {
            sides(LineWriter(to: Discarding()), \.losses)
        },
        LoopCase(name: "line_write", summary: "the same, written to /dev/null", goal: 450) {
            sides(LineWriter(fileDescriptor: NullDevice.descriptor), \.losses)
        },
        LoopCase(name: "json_write", summary: "the same event as a line of JSON, written to /dev/null", goal: 450) {
            sides(JSONLinesWriter(fileDescriptor: NullDevice.descriptor), \.losses)
        },
        LoopCase(name: "write_100_bytes", summary: "the system call alone, in C, the floor of a line that is written") {
            let descriptor = NullDevice.descriptor
            return Sides(
                subject: .plain { _ = write_floor(descriptor, Int64($0)) },
                isRight: { write_floor(descriptor, 2) == 200 })
        },
    ]

    private static func sides<Writer: Subscriber>(
        _ writer: Writer, _ losses: @escaping @Sendable (Writer) -> LineLosses
    ) -> Sides {
        Telemetry.install(writer)
        return Sides(
            subject: .plain(EmittingLoops.eventsWithFields), peer: PeerLogs.written,
            isRight: { losses(writer).lineCount == 0 && losses(writer).cutCount == 0 },
            finish: { Telemetry.uninstall() })
    }
}

/// Takes lines and does nothing.
private final class Discarding: LineSink {
    func write(_ lines: Swift.Span<UInt8>, level: Level) {}
    func flush() {}
    var losses: LineLosses { LineLosses() }
}

/// /dev/null, open for the life of the process.
enum NullDevice {
    static var descriptor: Int32 { file?.fileDescriptor ?? -1 }

    private static let file = FileHandle(forWritingAtPath: "/dev/null")

    /// Runs `body` while standard error goes there.
    static func standingInForStandardError(_ body: () -> Void) {
        let kept = dup(STDERR_FILENO)
        dup2(descriptor, STDERR_FILENO)
        body()
        dup2(kept, STDERR_FILENO)
        close(kept)
    }
}
