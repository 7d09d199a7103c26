// SPDX-License-Identifier: MIT OR Apache-2.0

import Synchronization
import VitrineObservability

/// Emits on every call, which would recurse without end if the core let it.
final class ChattySubscriber: Subscriber {
    let maximumLevel = Level.trace
    private let calls = Atomic<Int>(0)

    var callCount: Int { calls.load(ordering: .relaxed) }

    func spanDidStart(_ record: SpanRecord) { chatter() }
    func spanDidEnd(_ record: SpanRecord) { chatter() }
    func eventDidOccur(_ record: EventRecord) { chatter() }

    private func chatter() {
        calls.wrappingAdd(1, ordering: .relaxed)
        withSpan("again") { event("and again") }
    }
}
