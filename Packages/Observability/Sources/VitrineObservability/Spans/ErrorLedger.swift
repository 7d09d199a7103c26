// SPDX-License-Identifier: MIT OR Apache-2.0

import Synchronization

/// Remembers which errors have been recorded on their way up, so that each is told once.
///
/// An error that leaves a span is noted for the span's parent; when the parent fails with the same words it is the
/// same error going on, not a new one. Works across threads and awaits, because it is keyed by span. It holds the last
/// few errors only: one that was caught is simply overwritten in time, and a flood can at worst repeat a record.
final class ErrorLedger: Sendable {
    static let shared = ErrorLedger()
    static let capacity = 64

    private struct Entry {
        let parent: SpanID
        let text: String
    }

    private struct State {
        var entries: [Entry] = []
        var oldest = 0
    }

    private let state = Mutex(State())

    /// Notes that an error leaves `span`; true if no child of it has recorded the same one before.
    func isNew(_ text: String, leaving span: SpanID, parent: SpanID?) -> Bool {
        state.withLock { state in
            let known = state.entries.firstIndex { $0.parent == span && $0.text == text }
            guard let parent else { return known == nil }
            let entry = Entry(parent: parent, text: text)
            if let known {
                state.entries[known] = entry
            } else if state.entries.count < Self.capacity {
                state.entries.append(entry)
            } else {
                state.entries[state.oldest] = entry
                state.oldest = (state.oldest + 1) % Self.capacity
            }
            return known == nil
        }
    }
}
