// SPDX-License-Identifier: MIT OR Apache-2.0

import Mutation

/// The text of the C header, so that tests can hold their tables against all of it.
enum HeaderFile {
    /// The header's lines.
    static let lines: [Substring] = text.split(separator: "\n", omittingEmptySubsequences: false)

    /// The names of its `#define`s that have a value.
    static var constants: [String] {
        lines.compactMap { line in
            let words = line.split(separator: " ")
            return words.count >= 3 && words[0] == "#define" ? String(words[1]) : nil
        }
    }

    /// The fields of its structures, as `structure.field`.
    static var fields: [String] {
        var structure = ""
        var found: [String] = []
        for line in lines {
            let words = line.split(separator: " ")
            if words.count >= 3, words[0] == "typedef", words[1] == "struct" {
                structure = String(words[2])
            } else if line.hasPrefix("    uint"), words.count >= 2, let end = words[1].firstIndex(of: ";") {
                let name = words[1][..<end].prefix { $0 != "[" }
                found.append("\(structure).\(name)")
            }
        }
        return found
    }

    private static let text: String = {
        let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let path = "/\(root)/Sources/CVitrineABI/include/vitrine_abi.h"
        return String(decoding: TestFile.bytes(path: path) ?? [], as: UTF8.self)
    }()
}
