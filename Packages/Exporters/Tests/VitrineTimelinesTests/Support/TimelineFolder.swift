// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import VitrineObservability
import VitrineTimelines

/// A folder for timelines, removed with it.
final class TimelineFolder: Sendable {
    private let path = FileManager.default.temporaryDirectory.appending(path: "timeline-\(UUID().uuidString)").path

    init() throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    var chrome: String { path + "/a.json" }
    var perfetto: String { path + "/a.pftrace" }

    /// What is in both files when they are written by these steps.
    static func write(
        limits: TimelineLimits = TimelineLimits(), closes: Bool = true, _ steps: () -> Void
    ) throws -> (chrome: ChromeFile, perfetto: PerfettoFile, losses: [TimelineLosses]) {
        let folder = try TimelineFolder()
        let chrome = try ChromeTraceWriter(path: folder.chrome, limits: limits)
        let perfetto = try PerfettoTraceWriter(path: folder.perfetto, limits: limits)
        Telemetry.withSubscriber(FanOut(chrome, perfetto)) { steps() }
        chrome.close()
        perfetto.close()
        return (
            try ChromeFile(path: folder.chrome), try PerfettoFile(path: folder.perfetto),
            [chrome.losses, perfetto.losses]
        )
    }
}
