// SPDX-License-Identifier: MIT OR Apache-2.0

import Synchronization

/// What the exporter had to say, from its thread.
final class Notices: Sendable {
    private let texts = Mutex<[String]>([])

    func append(_ text: String) { texts.withLock { $0.append(text) } }

    var all: [String] { texts.withLock { $0 } }
}
