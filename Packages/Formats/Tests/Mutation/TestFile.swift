// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc

/// Files that tests read.
public enum TestFile {
    /// The file's bytes, or nil if it cannot be read.
    public static func bytes(path: String) -> [UInt8]? {
        // SAFETY: the stream is closed once, on the way out.
        guard let file = unsafe fopen(path, "r") else { return nil }
        defer { unsafe fclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            // SAFETY: the chunk lives during the call and has the size given.
            let count = unsafe chunk.withUnsafeMutableBytes { unsafe fread($0.baseAddress, 1, $0.count, file) }
            guard count > 0 else { return bytes }
            bytes += chunk[..<count]
        }
    }

    /// Writes a file, in folders that exist; false if that fails.
    public static func write(_ bytes: [UInt8], path: String) -> Bool {
        // SAFETY: the stream is closed once, after the write; the array lives during that and has the size given.
        guard let file = unsafe fopen(path, "w") else { return false }
        let count = unsafe bytes.withUnsafeBytes { unsafe fwrite($0.baseAddress, 1, $0.count, file) }
        return unsafe fclose(file) == 0 && count == bytes.count
    }

    /// Whether the environment asks for the fuzzers' seeds to be written instead of compared.
    public static var writesSeeds: Bool {
        // SAFETY: only its presence is looked at.
        unsafe getenv("VITRINE_WRITE_SEEDS") != nil
    }

    /// The file of a fuzz target's seed, given the `#filePath` of a test in `Tests/<Target>`.
    public static func seedPath(_ target: String, _ name: String, from filePath: String) -> String {
        let package = filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        return "/\(package)/Fuzz/Seeds/\(target)/\(name)"
    }

    /// The most memory that this process has held so far, in bytes.
    public static var peakMemoryByteCount: Int {
        var usage = rusage()
        // SAFETY: the structure lives during the call.
        guard unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage) == 0 else { return 0 }
        return usage.ru_maxrss * 1024
    }
}
