// SPDX-License-Identifier: MIT OR Apache-2.0

/// Why a folder cannot be used, or did not take a body.
public enum OTLPSpoolError: Error, Sendable, Hashable {
    /// The path is empty or has a zero byte in it.
    case invalidPath
    /// Somebody else owns the folder.
    case foreignFolder(userID: UInt32)
    /// Others than its owner may write into the folder, by these permissions.
    case openFolder(permissions: UInt32)
    /// A body alone has more bytes than a file may.
    case tooLarge(byteCount: Int)
    /// There is no room, and nothing left that could be dropped for it.
    case full
    /// Another process is at the folder for longer than there is time.
    case busy
    /// A call of the system failed with this `errno`: `ENOSPC` where the disk is full, `ELOOP` or `ENOTDIR` where the path
    /// is a symbolic link or no folder.
    case system(call: String, code: Int32)
}

/// Why a file is not sent. It is moved aside, so that nobody reads it again, unless it is of another version.
public enum OTLPSpoolFileError: Error, Sendable, Hashable {
    /// It ends before its header does.
    case truncated(byteCount: Int)
    /// It does not begin as such files do.
    case foreign
    /// It is of a version that is not known here.
    case version(UInt16)
    /// The header is not what was written.
    case damagedHeader
    /// The header is whole and says what cannot be.
    case malformed
    /// It has more or fewer bytes than its header says.
    case wrongByteCount(expected: UInt64, actual: UInt64)
    /// The body is not what was written.
    case damagedBody
    /// It has more bytes than a file may.
    case tooLarge(byteCount: UInt64)
    /// It is a link, a folder, a pipe, a device.
    case notAFile
    /// Somebody else owns it.
    case foreignOwner(userID: UInt32)
    /// A call of the system failed with this `errno`.
    case system(call: String, code: Int32)
}
