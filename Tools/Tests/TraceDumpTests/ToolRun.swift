// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import TraceSamples

/// A folder with a guest image and a trace, and a way to run the built tool in it.
final class ToolRun: Sendable {
    struct Result {
        var status: Int32
        var output: String
        var errors: String
    }

    let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "trace_dump-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try write(SampleELF.bytes(), to: "guest")
        try SampleTrace.write(to: path("app.trace"))
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }

    func path(_ name: String) -> String { folder.appending(path: name).path }

    func write(_ bytes: [UInt8], to name: String) throws {
        try Data(bytes).write(to: folder.appending(path: name))
    }

    func bytes(of name: String) throws -> [UInt8] { Array(try Data(contentsOf: folder.appending(path: name))) }

    /// Runs the tool, which the package manager has put beside the test program.
    func callAsFunction(_ arguments: String...) throws -> Result {
        let tests = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        let process = Process()
        let name = CommandLine.arguments.first.map { URL(filePath: $0).deletingLastPathComponent() }
        let candidates = [tests.deletingLastPathComponent(), name].compactMap { $0?.appending(path: "trace_dump") }
        process.executableURL = candidates.first { FileManager.default.isExecutableFile(atPath: $0.path) }
        process.arguments = arguments
        process.currentDirectoryURL = folder
        let outputFile = folder.appending(path: "stdout-\(UUID().uuidString)")
        let errorFile = folder.appending(path: "stderr-\(UUID().uuidString)")
        for file in [outputFile, errorFile] { _ = FileManager.default.createFile(atPath: file.path, contents: nil) }
        process.standardOutput = try FileHandle(forWritingTo: outputFile)
        process.standardError = try FileHandle(forWritingTo: errorFile)
        try process.run()
        process.waitUntilExit()
        return Result(
            status: process.terminationStatus,
            output: String(decoding: try Data(contentsOf: outputFile), as: UTF8.self),
            errors: String(decoding: try Data(contentsOf: errorFile), as: UTF8.self)
        )
    }
}
