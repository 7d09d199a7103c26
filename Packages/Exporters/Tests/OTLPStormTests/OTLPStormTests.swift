// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import Testing

/// Runs the built program for a few seconds.
@Suite("otlp-storm")
struct OTLPStormTests {
    private struct Run {
        let status: Int32
        let output: String
        let errors: String

        init(_ arguments: String...) throws {
            let own = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
            let folders = [own, CommandLine.arguments.first.map { URL(filePath: $0) }].compactMap {
                $0?.deletingLastPathComponent()
            }
            let process = Process()
            process.executableURL = folders.map { $0.appending(path: "otlp-storm") }.first {
                FileManager.default.isExecutableFile(atPath: $0.path)
            }
            process.arguments = arguments
            let folder = FileManager.default.temporaryDirectory.appending(path: "otlp-storm-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
            defer { try? FileManager.default.removeItem(at: folder) }
            let files = [folder.appending(path: "out"), folder.appending(path: "err")]
            for file in files { _ = FileManager.default.createFile(atPath: file.path, contents: nil) }
            process.standardOutput = try FileHandle(forWritingTo: files[0])
            process.standardError = try FileHandle(forWritingTo: files[1])
            try process.run()
            process.waitUntilExit()
            status = process.terminationStatus
            output = String(decoding: try Data(contentsOf: files[0]), as: UTF8.self)
            errors = String(decoding: try Data(contentsOf: files[1]), as: UTF8.self)
        }
    }

    @Test("a short storm loses no record that is not counted, and delivery resumes")
    func short() throws {
        let run = try Run("--seconds", "3", "--rate", "20000", "--json")
        #expect(run.status == 0, "\(run.output)\(run.errors)")
        let object = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
        let report = try #require(object)
        #expect(report["ok"] as? Bool == true)
        let checks = try #require(report["checks"] as? [String: Bool])
        #expect(checks.count == 7 && checks.values.allSatisfy(\.self))
        let emitted = try #require(report["emitted"] as? Int)
        let sent = try #require(report["sent"] as? Int)
        let dropped = try #require(report["dropped"] as? [String: Int])
        #expect(emitted > 2_048 && sent > 0)
        #expect(sent + dropped.values.reduce(0, +) == emitted)
        #expect(Set(dropped.keys).isSubset(of: ["queue_full", "queue_bytes_full"]))
    }

    @Test("it says what it does, and what it does not understand")
    func arguments() throws {
        let help = try Run("--help")
        #expect(help.status == 0 && help.output.contains("--seconds N"))
        for bad in [["--seconds"], ["--seconds", "0"], ["--rate", "many"], ["--spans"]] {
            let run = bad.count == 1 ? try Run(bad[0]) : try Run(bad[0], bad[1])
            #expect(run.status == 2)
            #expect(run.output.isEmpty && run.errors.hasPrefix("otlp-storm: "))
        }
    }
}
