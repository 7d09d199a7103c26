// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import Testing

/// What one of this package's programs prints when a user runs it.
struct BridgeRun {
    let status: Int32
    let lines: [String]

    init(_ name: String) throws {
        let program = try #require(Self.program(name), "\(name) is not built")
        let process = Process()
        let output = Pipe()
        process.executableURL = program
        process.standardOutput = output
        try process.run()
        let bytes = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        status = process.terminationStatus
        lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    /// The package manager puts programs beside the bundle of the tests, which is either what runs or its argument.
    private static func program(_ name: String) -> URL? {
        let running = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        return ([running] + CommandLine.arguments.map { URL(filePath: $0) })
            .map { $0.deletingLastPathComponent().appending(path: name) }
            .first { FileManager.default.isExecutableFile(atPath: $0.path) }
    }
}
