// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc

/// Files of the repository.
enum TestFile {
    /// This package's folder.
    static let package = folder(of: #filePath, up: 3)

    /// The repository's folder.
    static let repository = folder(of: #filePath, up: 5)

    /// The bytes of a file, or nil when there is none.
    static func bytes(_ path: String) -> [UInt8]? {
        // SAFETY: a string of our own.
        let file = unsafe open(path, O_RDONLY)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var all: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            // SAFETY: a buffer of the stated length.
            let count = unsafe read(file, &chunk, chunk.count)
            guard count > 0 else { return all }
            all += chunk.prefix(count)
        }
    }

    /// A text of this package; empty when there is none.
    static func text(_ name: String) -> String {
        String(decoding: bytes(package + "/" + name) ?? [], as: UTF8.self)
    }

    private static func folder(of path: String, up count: Int) -> String {
        path.split(separator: "/").dropLast(count).map { "/" + $0 }.joined()
    }
}
