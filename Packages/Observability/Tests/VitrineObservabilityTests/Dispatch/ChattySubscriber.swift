// SPDX-License-Identifier: MIT OR Apache-2.0

import Synchronization
import VitrineObservability

/// Emits on every call, which would recurse without end if the core let it.
final class ChattySubscriber: Subscriber {
    let maximumLevel = Level.trace
    let needs: SubscriberNeeds = .spanStarts
    private let calls = Atomic<Int>(0)

    var callCount: Int { calls.load(ordering: .relaxed) }

    func spanDidStart(_ span: borrowing SpanView) { chatter() }
    func spanDidEnd(_ span: borrowing SpanView) { chatter() }
    func eventDidOccur(_ event: borrowing EventView) { chatter() }
    func flush() { chatter() }

    private func chatter() {
        calls.wrappingAdd(1, ordering: .relaxed)
        withSpan("again") { event("and again") }
    }
}
