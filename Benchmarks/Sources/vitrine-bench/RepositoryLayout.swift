// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation

/// Where things are in the repository: found from the working folder upwards.
struct RepositoryLayout {
    /// The repository's top folder.
    let root: URL

    /// Looks from `folder` upwards for a folder that holds Packages and Benchmarks.
    init?(from folder: String = FileManager.default.currentDirectoryPath) {
        var candidate = URL(filePath: folder).standardizedFileURL
        while true {
            let isRoot = ["Packages", "Benchmarks"].allSatisfy {
                FileManager.default.fileExists(atPath: candidate.appending(path: $0).path)
            }
            if isRoot {
                root = candidate
                return
            }
            let parent = candidate.deletingLastPathComponent().standardizedFileURL
            if parent.path == candidate.path { return nil }
            candidate = parent
        }
    }

    /// The guest to measure: the first that is built.
    var guestPath: String? {
        ["release/simpleguest", "release/c_simpleguest", "debug/simpleguest", "debug/c_simpleguest"]
            .map { root.appending(path: "Guests/bin/\($0)").path }
            .first { FileManager.default.fileExists(atPath: $0) }
    }

    /// Where the figures go.
    var figuresFile: URL { root.appending(path: ".build/bench.jsonl") }
}
