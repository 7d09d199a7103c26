// SPDX-License-Identifier: MIT OR Apache-2.0

import VitrineGuest

/// Strings and bytes.
func registerBuffers() {
    GuestFunction.register("concat") { (first: String, second: String) in first + second }

    GuestFunction.register("sum_bytes", takes: [.bytes], returns: .uint64) { call in
        let bytes = call.bytes(0)
        var sum: UInt64 = 0
        for index in bytes.indices { sum &+= UInt64(bytes[index]) }
        call.returns(sum)
    }

    GuestFunction.register("fill_bytes", takes: [.int64, .int32], returns: .bytes) { call throws(GuestError) in
        let byte = UInt8(truncatingIfNeeded: call.value(1, as: Int32.self))
        try call.returnsBytes(byteCount: Int(call.value(0, as: Int64.self))) { bytes throws(GuestError) in
            bytes.update(repeating: byte)
        }
    }
}
