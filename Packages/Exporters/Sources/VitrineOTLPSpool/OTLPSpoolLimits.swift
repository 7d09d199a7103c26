// SPDX-License-Identifier: MIT OR Apache-2.0

/// How much a folder may hold, of all processes that share it together.
///
/// For what is to be written the oldest files are dropped, those that were moved aside first. What another process is
/// sending at the moment is not. While several processes write at once the folder may have a file more of each, and while a
/// file is replaced by its halves, the bytes of both.
public struct OTLPSpoolLimits: Sendable, Hashable {
    /// The most bytes of all files.
    public var byteCount: UInt64 = 64 << 20
    /// The most files; no more than 10,000.
    public var fileCount = 1_024
    /// The most bytes of one file. A request that has more is written in two; reading takes twice of that in memory.
    public var fileByteCount = 16 << 20
    /// How old a file gets before it is dropped instead of sent.
    public var ageSeconds: UInt64 = 48 * 3_600
    /// How long after a file the next one is sent at the earliest, so that what was left comes in no flood.
    public var pauseMilliseconds: UInt32 = 50

    /// The defaults.
    public init() {}
}
