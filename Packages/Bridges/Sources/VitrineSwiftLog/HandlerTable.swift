// SPDX-License-Identifier: MIT OR Apache-2.0

import Logging
import Synchronization

/// The handlers of targets: one for all, or one for each up to a number.
final class HandlerTable: Sendable {
    /// How many targets have a handler of their own.
    static let maximumCount = 256
    /// The label of the handler of all others.
    static let overflowLabel = "other"

    private let one: (any LogHandler)?
    private let makeHandler: @Sendable (String) -> any LogHandler
    private let made = Mutex<[String: any LogHandler]>([:])

    /// One handler for all.
    init(_ handler: any LogHandler) {
        one = handler
        makeHandler = { _ in handler }
    }

    /// A handler for each label.
    init(makeHandler: @escaping @Sendable (String) -> any LogHandler) {
        one = nil
        self.makeHandler = makeHandler
    }

    /// The handler of a label. Takes a lock where there is more than one.
    func handler(for label: String) -> any LogHandler {
        if let one { return one }
        let (known, hasRoom) = made.withLock { ($0[label], $0.count < Self.maximumCount) }
        if let known { return known }
        let label = hasRoom ? label : Self.overflowLabel
        if !hasRoom, let overflow = made.withLock({ $0[label] }) { return overflow }
        // Outside of the lock, for whoever makes handlers may come back here. Of two made at once the first is kept.
        let new = makeHandler(label)
        return made.withLock { made in
            if let known = made[label] { return known }
            if made.count < Self.maximumCount || label == Self.overflowLabel { made[label] = new }
            return new
        }
    }
}
