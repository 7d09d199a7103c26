// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
import Synchronization
import VitrineTraceFile

/// Where the allocations of a sandbox are recorded.
public enum AllocationTraceTarget: Hashable, Sendable {
    /// This file, created or emptied when the sandbox is built. For a builder that builds one sandbox.
    case file(String)
    /// A new file in this directory, which has to exist: `GUEST-PROCESS-NUMBER.trace`.
    case directory(String)

    private static let count = Atomic<UInt64>(0)

    /// Creates the file for one sandbox.
    func open(for image: GuestImage) throws(SandboxError) -> AllocationTrace {
        let path: String
        switch self {
        case .file(let name): path = name
        case .directory(let directory):
            let number = Self.count.wrappingAdd(1, ordering: .relaxed).newValue
            path = "\(directory)/\(image.name)-\(getpid())-\(number).trace"
        }
        do throws(TraceFileError) {
            return try AllocationTrace(path: path, buildID: image.buildID)
        } catch {
            throw .invalidConfiguration(
                "the allocation trace “\(GuestText.escaped(path))” cannot be created",
                advice: "Name a file in a directory that exists and may be written.", underlying: error)
        }
    }
}
