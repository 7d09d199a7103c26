// SPDX-License-Identifier: MIT OR Apache-2.0

import VitrineGuest

/// Functions that give back what they get: one for each type of value.
func registerEchoes() {
    GuestFunction.register("echo_int32") { (value: Int32) in value }
    GuestFunction.register("echo_uint32") { (value: UInt32) in value }
    GuestFunction.register("echo_int64") { (value: Int64) in value }
    GuestFunction.register("echo_uint64") { (value: UInt64) in value }
    GuestFunction.register("echo_float") { (value: Float) in value }
    GuestFunction.register("echo_double") { (value: Double) in value }
    GuestFunction.register("echo_bool") { (value: Bool) in value }
    GuestFunction.register("echo_string") { (value: String) in value }
    GuestFunction.register("echo_void") {}

    // Written in place, so that a megabyte is copied once and not three times.
    GuestFunction.register("echo_bytes", takes: [.bytes], returns: .bytes) { call throws(GuestError) in
        try call.returnsBytes(copying: call.bytes(0))
    }
}
