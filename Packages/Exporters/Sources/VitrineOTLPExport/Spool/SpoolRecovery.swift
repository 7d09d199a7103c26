// SPDX-License-Identifier: MIT OR Apache-2.0

import VitrineOTLPSpool
import VitrineObservability

/// How far an exporter is with what it found in its spool.
struct SpoolRecovery: Sendable {
    /// How long after a look at the folder the next is: other processes may have left something, or may have died with a
    /// file that they had for themselves.
    static let lookIntervalNanoseconds: UInt64 = 60_000_000_000

    /// Files to be sent, the next one last.
    var waiting: [SpoolName] = []
    /// The file whose turn it is, which nobody else sends as long as we have it.
    var claim: SpoolClaim?
    /// Which of its records are next, where they do not go out all at once.
    var part: Range<Int>?
    /// How many attempts with it failed.
    var failureCount = 0
    /// What is ours as well, the next one last: halves of files that were too large.
    var halves: [SpoolClaim] = []
    /// When the next step is to be made, if there is a file.
    var due: UInt64 = 0
    /// When the folder is to be looked at again, if there is none.
    var nextLook: UInt64 = 0
    /// Files that can be neither sent nor moved, or neither removed: they are not looked at again.
    var ignored: Set<SpoolName> = []
    var isOver = false
    var counts = OTLPRecoveredCounts()
    let metrics: RecoveryMetrics

    init(_ recorder: any MetricsRecorder) {
        metrics = RecoveryMetrics(recorder)
    }

    /// Whether there is no file to be sent.
    var isEmpty: Bool { claim == nil && halves.isEmpty && waiting.isEmpty }

    /// A file is ours, and its turn comes; nil: none is.
    mutating func begin(_ claim: SpoolClaim?) {
        self.claim = isOver ? nil : claim
        part = nil
        failureCount = 0
    }

    /// No file is ours any more.
    mutating func end() {
        waiting = []
        halves = []
        claim = nil
        isOver = true
    }
}
