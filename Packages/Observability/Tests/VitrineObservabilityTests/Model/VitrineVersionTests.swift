// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import Testing
import VitrineObservability

@Suite("Version")
struct VitrineVersionTests {
    @Test("is the newest of the repository's changelog, or 0.0.0 if none was released")
    func changelog() throws {
        var root = URL(filePath: #filePath)
        for _ in 0..<6 { root.deleteLastPathComponent() }
        let text = try String(contentsOf: root.appending(path: "CHANGELOG.md"), encoding: .utf8)
        let versions = text.split(separator: "\n").filter { $0.hasPrefix("## [") }
            .compactMap { $0.dropFirst(4).split(separator: "]").first }
        #expect(versions.first == "Unreleased")
        #expect(VitrineVersion.current == versions.dropFirst().first ?? "0.0.0")
    }
}
