// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation

/// One run of an example, as a user runs it: the built program, in the repository's folder.
struct ExampleRun {
    let status: Int32
    let output: String
    var lines: [Substring] { output.split(separator: "\n") }

    init(_ name: String, _ arguments: [String] = [], environment: [String: String] = [:]) throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "example-\(UUID().uuidString)")
        _ = FileManager.default.createFile(atPath: file.path, contents: nil)
        defer { try? FileManager.default.removeItem(at: file) }
        let process = Process()
        process.executableURL = Self.products.appending(path: name)
        process.arguments = arguments
        process.currentDirectoryURL = Self.repository
        // What the examples read is what the test says, whatever the shell around has.
        let inherited = ProcessInfo.processInfo.environment.filter {
            !["VITRINE_LOG", "VITRINE_LEVEL"].contains($0.key) && !$0.key.hasPrefix("OTEL_")
        }
        process.environment = inherited.merging(environment) { _, new in new }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try FileHandle(forWritingTo: file)
        process.standardError = process.standardOutput
        try process.run()
        process.waitUntilExit()
        status = process.terminationStatus
        output = String(decoding: try Data(contentsOf: file), as: UTF8.self)
    }

    /// Where the package manager has put the programs: beside the one that runs the tests.
    private static var products: URL {
        let beside = CommandLine.arguments.first.map { URL(filePath: $0).deletingLastPathComponent() }
        let candidates = [
            beside, URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent(),
        ]
        return candidates.compactMap(\.self).first {
            FileManager.default.isExecutableFile(atPath: $0.appending(path: "tracing").path)
        } ?? URL(filePath: "/")
    }

    private static var repository: URL {
        URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../..").standardized
    }
}
