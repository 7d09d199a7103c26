// SPDX-License-Identifier: MIT OR Apache-2.0

import VitrineWire

/// A call of a guest function, but for its parameters.
struct GuestCall: ~Copyable {
    let function: String
    let parameterCount: Int
    let resultType: WireType
    let deadline: Duration?
}
