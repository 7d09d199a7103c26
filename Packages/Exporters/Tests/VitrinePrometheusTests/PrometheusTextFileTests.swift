// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import Glibc
import Testing
import VitrineObservability
import VitrinePrometheus

@Suite("PrometheusTextFile")
struct PrometheusTextFileTests {
    private let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "textfile-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    private func path(_ name: String) -> String { folder.appending(path: name).path }

    private func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    }

    private func remove() { try? FileManager.default.removeItem(at: folder) }

    @Test("writes the older text whole, readable for all, in place of what was there, and leaves nothing else")
    func write() throws {
        defer { remove() }
        let registry = MetricsRegistry(keepsExemplars: true)
        let counter = registry.counter("a_total", help: "")
        let file = try PrometheusTextFile(path: path("job.prom"))
        for round in 1...3 {
            counter.increment()
            try file.write(registry.snapshot(), target: PrometheusTarget([Field("job", "x")]))
            let text = try String(contentsOfFile: path("job.prom"), encoding: .utf8)
            #expect(text == PrometheusText.render(registry.snapshot(), target: PrometheusTarget([Field("job", "x")])))
            #expect(text.hasSuffix("a_total \(round)\n"))
        }
        let attributes = try FileManager.default.attributesOfItem(atPath: path("job.prom"))
        #expect(attributes[.posixPermissions] as? Int == 0o644)
        #expect(try names() == ["job.prom"])
    }

    @Test("a reader sees whole texts only, while several write")
    func atomic() async throws {
        defer { remove() }
        let path = path("job.prom")
        let texts = (0..<4).map { Array("# \($0)\n".utf8) + [UInt8](repeating: UInt8(ascii: "\n"), count: 40_000 + $0) }
        try PrometheusTextFile(path: path).write(texts[0])
        try await withThrowingTaskGroup(of: Void.self) { group in
            for text in texts {
                group.addTask { for _ in 0..<50 { try PrometheusTextFile(path: path).write(text) } }
            }
            group.addTask {
                for _ in 0..<100 {
                    let bytes = try [UInt8](Data(contentsOf: URL(filePath: path)))
                    #expect(texts.contains(bytes))
                }
            }
            try await group.waitForAll()
        }
        #expect(try names() == ["job.prom"])
    }

    @Test("what a killed process of the same number has left is not in the way, nor is a symbolic link")
    func leftovers() throws {
        defer { remove() }
        for number in 0..<200 {
            try Data().write(to: URL(filePath: path(".job.prom.\(getpid()).\(number).tmp")))
        }
        try Data("other".utf8).write(to: URL(filePath: path("other")))
        try FileManager.default.createSymbolicLink(atPath: path("job.prom"), withDestinationPath: path("other"))
        try PrometheusTextFile(path: path("job.prom")).write(Array("a 1\n".utf8))
        #expect(try String(contentsOfFile: path("job.prom"), encoding: .utf8) == "a 1\n")
        #expect(try String(contentsOfFile: path("other"), encoding: .utf8) == "other")
    }

    @Test(
        "refuses names that the collector does not read",
        arguments: ["", "a", "a.prom.txt", ".prom", ".a.prom", "/x/", "/x/.prom", "a\u{0}b.prom", "a.PROM"])
    func names(_ path: String) throws {
        #expect(throws: PrometheusTextFileError.badName(path)) { try PrometheusTextFile(path: path) }
        remove()
    }

    @Test("says what failed, and leaves the folder as it was")
    func failures() throws {
        defer { remove() }
        func failure(_ path: String) -> PrometheusTextFileError? {
            do throws(PrometheusTextFileError) {
                try PrometheusTextFile(path: path).write([])
                return nil
            } catch {
                return error
            }
        }
        guard case .failed(.open, let missing, ENOENT)? = failure(path("none/a.prom")) else {
            Issue.record("another error")
            return
        }
        #expect(missing.hasPrefix(path("none/.a.prom.")))
        try FileManager.default.createDirectory(atPath: path("b.prom"), withIntermediateDirectories: false)
        #expect(failure(path("b.prom")) == .failed(.rename, path: path("b.prom"), errno: EISDIR))
        #expect(failure(path("b.prom"))?.description.contains("rename failed") == true)
        #expect(try names() == ["b.prom"])
        #expect(failure(path("c.prom")) == nil)
        #expect(try FileManager.default.attributesOfItem(atPath: path("c.prom"))[.size] as? Int == 0)
    }
}
