// SPDX-License-Identifier: MIT OR Apache-2.0

/// When a log begins a new file, and how many old ones stay.
///
/// All files of a log together take at most `(keptFileCount + 1) × maximumByteCount` bytes.
public struct FileRotation: Sendable, Hashable {
    /// The least that `maximumByteCount` may be.
    public static let minimumByteCount: UInt64 = 4_096
    /// The most that `keptFileCount` may be.
    public static let maximumKeptFileCount = 1_000

    /// How large a file becomes at most.
    public var maximumByteCount: UInt64
    /// A new file begins whenever the time since 1970 in UTC passes a multiple of so many seconds: 86,400 is at midnight,
    /// 3,600 each hour. nil or 0: the time does not matter. It holds across restarts of the program.
    public var periodSeconds: UInt64?
    /// How many old files stay, as `name.1` (the youngest), `name.2` and so on.
    public var keptFileCount: Int

    /// A rotation; all parts have a default. What is out of bounds is brought to the nearest bound.
    public init(maximumByteCount: UInt64 = 64 << 20, periodSeconds: UInt64? = nil, keptFileCount: Int = 5) {
        self.maximumByteCount = max(maximumByteCount, Self.minimumByteCount)
        self.periodSeconds = periodSeconds
        self.keptFileCount = min(max(keptFileCount, 0), Self.maximumKeptFileCount)
    }

    /// The number of the period that a second is in.
    func period(of second: UInt64) -> UInt64 {
        guard let periodSeconds, periodSeconds > 0 else { return 0 }
        return second / periodSeconds
    }
}
