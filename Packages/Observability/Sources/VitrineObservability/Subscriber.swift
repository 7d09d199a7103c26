// SPDX-License-Identifier: MIT OR Apache-2.0

/// The one door out of the core: tree writer, log, exporter and test double all stand behind it.
///
/// Calls come on the thread that made the record, several at once from several threads, and the emitting code waits
/// for them: return quickly, never block on the network. What a subscriber emits itself while it is called is
/// dropped, so it cannot call itself. A span's end may arrive without its start, if the subscriber was installed in
/// between; the record of the end is complete.
///
/// There are no default implementations: what you ignore, you ignore in writing.
public protocol Subscriber: Sendable {
    /// The most verbose level wanted. Asked for once, when the subscriber is installed.
    var maximumLevel: Level { get }

    /// A span began; `end` is nil, more fields may come.
    func spanDidStart(_ record: SpanRecord)

    /// A span ended; the record is complete.
    func spanDidEnd(_ record: SpanRecord)

    /// An event occurred.
    func eventDidOccur(_ record: EventRecord)
}
