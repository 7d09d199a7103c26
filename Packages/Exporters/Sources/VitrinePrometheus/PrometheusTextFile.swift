// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
public import VitrineObservability

/// A file for the textfile collector of the node exporter, which reads the files `*.prom` of a folder.
///
/// https://github.com/prometheus/node_exporter#textfile-collector
///
/// The text is version 0.0.4 and has no times, which the collector refuses. A reader sees the file of before or the new one,
/// whole: it is written under another name in the same folder, which the collector does not read, and renamed. A symbolic link
/// at the path is replaced, not followed. For batch jobs and timers; a server is better scraped. Nothing is forced to the
/// disk, since the numbers are worth nothing after a power failure: then the file of before or an empty one may be there. A
/// process that is killed while it writes leaves the other name behind, `.NAME.….tmp`.
public struct PrometheusTextFile: Sendable {
    /// Where the file is.
    public let path: String
    private let folder: String
    private let name: String

    /// A file of a path, which need not exist but in a folder that does. Throws `.badName` if the name does not end in `.prom`,
    /// begins with a dot or has a NUL in it.
    public init(path: String) throws(PrometheusTextFileError) {
        let slash = path.lastIndex(of: "/")
        name = String(slash.map { path[path.index(after: $0)...] } ?? path[...])
        folder = slash.map { String(path[...$0]) } ?? ""
        self.path = path
        guard name.hasSuffix(".prom"), name.utf8.count > ".prom".utf8.count, !name.hasPrefix("."),
            !path.utf8.contains(0)
        else { throw .badName(path) }
    }

    /// Writes a snapshot, mode 0644. On failure the file of before is left, and nothing else.
    public func write(_ families: [MetricFamily], target: PrometheusTarget? = nil) throws(PrometheusTextFileError) {
        var bytes: [UInt8] = []
        PrometheusText.render(families, target: target, into: &bytes)
        try write(bytes)
    }

    /// Writes a text that was rendered already.
    public func write(_ bytes: [UInt8]) throws(PrometheusTextFileError) {
        // By chance, and not by the number of the process: in containers that is always the same, and what a killed one has
        // left would be in the way of all that follow.
        let temporary = "\(folder).\(name).\(UInt64.random(in: .min ... .max)).tmp"
        // SAFETY: the paths are texts that end in a NUL for the time of each call, and hold no other.
        let descriptor = unsafe open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .failed(.open, path: temporary, errno: errno) }
        do throws(PrometheusTextFileError) {
            do throws(PrometheusTextFileError) {
                try Self.write(bytes, to: descriptor, temporary)
                // Here and not above, so that it does not hang on the process' mask.
                guard fchmod(descriptor, 0o644) == 0 else { throw .failed(.mode, path: temporary, errno: errno) }
            } catch {
                close(descriptor)
                throw error
            }
            guard close(descriptor) == 0 || errno == EINTR else {
                throw .failed(.write, path: temporary, errno: errno)
            }
            guard unsafe rename(temporary, path) == 0 else { throw .failed(.rename, path: path, errno: errno) }
        } catch {
            unsafe unlink(temporary)
            throw error
        }
    }

    private static func write(
        _ bytes: [UInt8], to descriptor: Int32, _ path: String
    ) throws(PrometheusTextFileError) {
        var written = 0
        while written < bytes.count {
            // SAFETY: the kernel reads a part of the array's bytes during the call.
            let count = unsafe bytes.withUnsafeBytes { all in
                let rest = unsafe UnsafeRawBufferPointer(rebasing: all[written...])
                return unsafe Glibc.write(descriptor, rest.baseAddress, rest.count)
            }
            if count < 0 {
                if errno == EINTR { continue }
                throw .failed(.write, path: path, errno: errno)
            }
            written += count
        }
    }
}

/// Why a text file was not written.
public enum PrometheusTextFileError: Error, Hashable, CustomStringConvertible {
    /// What was being done.
    public enum Step: String, Sendable {
        /// The new file was being made.
        case open
        /// It was being written.
        case write
        /// It was being made readable for all.
        case mode
        /// It was being given its name.
        case rename
    }

    /// The path names no file that the collector reads.
    case badName(String)
    /// The system refused, with its number.
    case failed(Step, path: String, errno: Int32)

    /// The reason in a sentence.
    public var description: String {
        switch self {
        case .badName(let path): "“\(path)” is no name for the textfile collector, which reads files *.prom."
        case .failed(let step, let path, let errno):
            "The file “\(path)” was not written: \(step.rawValue) failed with error \(errno)."
        }
    }
}
