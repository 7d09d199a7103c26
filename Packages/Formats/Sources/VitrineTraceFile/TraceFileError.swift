// SPDX-License-Identifier: MIT OR Apache-2.0

/// Why a trace file could not be written or its header not be read.
///
/// Damage behind the header is no error but a ``TraceNotice``: what is readable is read.
public enum TraceFileError: Error, Equatable, Sendable {
    /// A system call failed.
    case systemCall(SystemCall, errno: Int32)
    /// A record came after ``TraceFileWriter/close()``.
    case closed
    /// Shorter than a header.
    case tooShort(byteCount: Int)
    /// The magic is missing: some other kind of file.
    case notATraceFile
    /// The byte order mark is swapped: not written by this format's rules.
    case wrongByteOrder
    /// A version this module does not read.
    case unsupportedVersion(UInt16)
    /// The header's checksum or one of its counts is wrong.
    case damagedHeader

    /// The system calls that the writer makes, named as in section 2 of the Linux manual.
    public enum SystemCall: String, Sendable {
        /// `open(2)`
        case open
        /// `write(2)`
        case write
        /// `close(2)`
        case close
    }
}

extension TraceFileError: CustomStringConvertible {
    /// One line in plain English, with numbers.
    public var description: String {
        switch self {
        case .systemCall(let call, let errno): "\(call.rawValue) failed with errno \(errno)"
        case .closed: "the trace file is closed"
        case .tooShort(let byteCount): "\(byteCount) bytes are too short for a trace file's header"
        case .notATraceFile: "not a trace file: the magic \"VTRC\" is missing"
        case .wrongByteOrder: "the byte order mark is swapped"
        case .unsupportedVersion(let version):
            "trace file version \(version); this program reads version \(TraceFileFormat.version)"
        case .damagedHeader: "the header is damaged: its checksum does not match"
        }
    }
}
