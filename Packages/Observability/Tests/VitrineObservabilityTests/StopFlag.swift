// SPDX-License-Identifier: MIT OR Apache-2.0

import Synchronization

/// Tells other threads to stop.
final class StopFlag: Sendable {
    private let value = Atomic(false)

    var isSet: Bool { value.load(ordering: .acquiring) }

    func set() { value.store(true, ordering: .releasing) }
}
