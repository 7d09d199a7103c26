// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import Testing

/// The examples are run, and what they print is what the documents say.
@Suite("Examples")
struct ExampleTests {
    @Test("tracing prints the host's operations on two guests as one tree")
    func tracing() throws {
        let run = try ExampleRun("tracing", environment: ["VITRINE_LOG": "none,vitrine.host=info"])
        #expect(run.status == 0)
        let first = try #require(run.lines.first)
        #expect(first.hasPrefix("trace ") && first.contains(" spans · "))
        #expect(run.lines.count { $0.contains("─ visit  guest=") } == 2)
        #expect(run.lines.count { $0.contains("├─ build ") } == 2)
        #expect(run.lines.count { $0.contains("─ call ") } == 12)
        #expect(run.lines.count { $0.contains("└─ call-to-host  function=multiply") } == 2)
        #expect(run.output.contains("guest=simpleguest") && run.output.contains("guest=c_simpleguest"))
        #expect(run.lines.count { $0.contains("outcome=deadlineExceeded") } == 2)
        #expect(!run.output.contains(" guest  ") && !run.output.contains("vitrine.hypervisor"))
    }

    @Test("tracing shows the guests' spans too if it is asked to, and names the column of a bad filter")
    func tracingFilters() throws {
        let all = try ExampleRun("tracing", environment: ["VITRINE_LOG": "info"])
        #expect(all.lines.count { $0.contains("nested  depth=") } == 4)
        #expect(all.output.contains(" make-machine "))
        let nothing = try ExampleRun("tracing", environment: ["VITRINE_LOG": "none"])
        #expect(nothing.status == 0 && nothing.output.isEmpty)
        let bad = try ExampleRun("tracing", environment: ["VITRINE_LOG": "info,vitrine.host=loud"])
        #expect(bad.status == 1)
        #expect(bad.output.contains("column 19: “loud” is no level"))
    }

    @Test("tracing without a filter of the user's takes a closer look at the end, for which it changes its own")
    func tracingChangesFilter() throws {
        let run = try ExampleRun("tracing")
        #expect(run.status == 0)
        let trees = run.output.split(separator: "\ntrace ")
        #expect(trees.count == 2)
        let closer = try #require(trees.last)
        #expect(!trees[0].contains(" make-memory") && !trees[0].contains(" make-machine"))
        #expect(closer.contains(" closer look") && closer.contains(" make-memory") && closer.contains(" make-machine"))
        #expect(closer.contains("function=echo_string") && !closer.contains("visit"))
    }

    @Test("logging comes out through swift-log")
    func logging() throws {
        let run = try ExampleRun("logging")
        #expect(run.status == 0)
        #expect(run.lines.contains { $0.contains("notice") && $0.contains("the application's own records") })
        #expect(run.lines.contains { $0.contains(" info ") && $0.contains("vitrine.host") && $0.contains("-> call") })
        #expect(run.lines.count { $0.contains(" error ") && $0.contains("out of paper") } == 2)
        let quiet = try ExampleRun("logging", environment: ["VITRINE_LEVEL": "error"])
        #expect(quiet.lines.count == 6)
        #expect(quiet.lines.allSatisfy { $0.contains(" error ") })
    }

    @Test("timeline writes spans of both sides and counters, in both formats")
    func timeline() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "timeline-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let run = try ExampleRun("timeline", [folder.path])
        #expect(run.status == 0)
        #expect(run.output.contains("; 0 records were left out") && run.output.contains("https://ui.perfetto.dev"))
        let data = try Data(contentsOf: folder.appending(path: "timeline.json"))
        let records = try #require(try JSONSerialization.jsonObject(with: data) as? [[String: Any]])
        func names(_ phase: String) -> [String] {
            records.filter { $0["ph"] as? String == phase }.compactMap { $0["name"] as? String }
        }
        #expect(names("X").count { $0 == "visit" } == 2)
        #expect(names("X").count { $0 == "nested" } == 4)
        #expect(names("C").contains("guest_calls_total"))
        let processes = records.filter { $0["name"] as? String == "process_name" }
        let shown = processes.compactMap { ($0["args"] as? [String: Any])?["name"] as? String }
        #expect(shown.contains("host") && shown.count { $0.hasPrefix("guest of sandbox ") } == 2)
        let packets = try Data(contentsOf: folder.appending(path: "timeline.pftrace"))
        #expect(packets.range(of: Data("guest of sandbox ".utf8)) != nil)
    }

    @Test("metrics are Prometheus text, histograms included")
    func metrics() throws {
        let run = try ExampleRun("metrics")
        #expect(run.status == 0)
        for line in [
            "guest_errors_total{code=\"guestError\"} 2", "guest_cancellations_total 2", "sandboxes_alive 0",
            "guest_aborts_total{kind=\"deadline\"} 2",
            "example_sessions_total{guest=\"c_simpleguest\",outcome=\"ok\"} 1",
            "example_sessions_total{guest=\"simpleguest\",outcome=\"ok\"} 1", "example_failures_total 0",
            "example_session_duration_seconds_count 2", "guest_calls_total 10", "host_calls_total 2",
            "# TYPE guest_call_duration_seconds histogram",
            "guest_call_duration_seconds_count{function_name=\"call_host_multiply\"} 2",
            "host_call_duration_seconds_bucket{function_name=\"multiply\",le=\"+Inf\"} 2",
            "erroneous_vcpu_kicks_total 0",
        ] {
            #expect(run.lines.contains { $0 == line }, "\(line)")
        }
    }

    /// Prometheus' own judge of its text, of Debian's package `prometheus`.
    private static let promtool = URL(filePath: "/usr/bin/promtool")

    @Test(
        "promtool has no complaint about what metrics prints",
        .enabled(if: FileManager.default.isExecutableFile(atPath: promtool.path), "/usr/bin/promtool is not installed"))
    func promtoolCheck() throws {
        let text = try ExampleRun("metrics").output
        let file = FileManager.default.temporaryDirectory.appending(path: "metrics-\(UUID().uuidString)")
        try Data(text.utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let process = Process()
        process.executableURL = Self.promtool
        process.arguments = ["check", "metrics"]
        process.standardInput = try FileHandle(forReadingFrom: file)
        let output = Pipe()
        process.standardError = output
        try process.run()
        let complaints = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(String(decoding: complaints, as: UTF8.self))")
    }
}
