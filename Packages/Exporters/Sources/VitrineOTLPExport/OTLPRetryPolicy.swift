// SPDX-License-Identifier: MIT OR Apache-2.0

/// How long a request is tried, and how long the exporter waits in between.
///
/// https://opentelemetry.io/docs/specs/otlp/#otlphttp-throttling
public struct OTLPRetryPolicy: Sendable, Hashable {
    /// The wait after the first failure. 0 counts as 1, so with the next: a receiver that refuses at once is not to be asked
    /// without end.
    public var initialDelayMilliseconds: UInt32 = 1_000
    /// The longest wait that is not of the receiver's choice.
    public var maximumDelayMilliseconds: UInt32 = 30_000
    /// What the wait grows by from failure to failure; less than 1 counts as 1.
    public var multiplier = 1.5
    /// How far a wait is from that at most, up or down, as a share of it: between 0 and 1.
    public var jitter = 0.2
    /// How long after its first attempt a request is tried again at the latest. Also the longest `Retry-After` that is
    /// waited for.
    public var maximumElapsedMilliseconds: UInt32 = 300_000

    /// The defaults: waits from 1 to 30 s, for 5 minutes.
    public init() {}

    /// The wait after a failed attempt, in nanoseconds.
    ///
    /// - Parameters:
    ///   - attempt: how many attempts were made, from 1.
    ///   - random: a number from 0 to 1 that places the wait within its jitter.
    func delayNanoseconds(afterAttempt attempt: Int, random: Double) -> UInt64 {
        let maximum = Double(max(1, maximumDelayMilliseconds))
        var delay = min(Double(max(1, initialDelayMilliseconds)), maximum)
        let factor = multiplier > 1 ? multiplier : 1
        // No wait grows for longer than this: by then it has its maximum, or does not grow at all.
        for _ in 0..<min(max(1, attempt) - 1, 1_000) where delay < maximum { delay = min(delay * factor, maximum) }
        let spread = jitter > 0 ? min(jitter, 1) : 0
        let place = random > 0 ? min(random, 1) : 0
        return UInt64(max(1, min(delay * (1 - spread + 2 * spread * place), maximum)) * 1_000_000)
    }

    /// How long a request is tried, in nanoseconds.
    var maximumElapsedNanoseconds: UInt64 { UInt64(maximumElapsedMilliseconds) * 1_000_000 }
}
