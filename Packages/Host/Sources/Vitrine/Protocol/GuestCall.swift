// SPDX-License-Identifier: MIT OR Apache-2.0

import VitrineWire

/// What is asked of a guest function, but for its name and its parameters.
struct GuestCall {
    let parameterCount: Int
    let resultType: WireType
    let deadline: Duration?
    /// Whether a subscriber listened when the call began.
    let isWatched: Bool
}
