// SPDX-License-Identifier: MIT OR Apache-2.0

/// Why nothing was compressed or decompressed.
public enum GzipError: Error, Sendable, Hashable {
    /// There is no such level; they go from 1 to 9.
    case level(Int)
    /// There is no memory.
    case noMemory
    /// zlib gave this code. No input of an encoder brings it about; to a decoder it says that the bytes are not gzip's.
    case zlib(code: Int32)
}
