// SPDX-License-Identifier: MIT OR Apache-2.0

import VitrineGuest

/// Calls into the host. What a host function throws is thrown on, so that the caller sees it.
func registerHostCalls() {
    GuestFunction.register("call_host_multiply") { (a: Int64, b: Int64) throws(GuestError) -> Int64 in
        try Host.call("multiply", a, b)
    }

    GuestFunction.register("call_host") { (name: String, value: Int64) throws(GuestError) -> Int64 in
        try Host.call(name, value)
    }

    GuestFunction.register("call_host_string") { (name: String, value: Int64) throws(GuestError) -> String in
        try Host.call(name, value)
    }

    // Calls `multiply(i, 1)` for i in 0 ..< n and returns the sum of the answers.
    GuestFunction.register("call_host_many") { (count: Int64) throws(GuestError) -> Int64 in
        var sum: Int64 = 0
        for index in 0..<max(count, 0) {
            let answer: Int64 = try Host.call("multiply", index, 1 as Int64)
            sum &+= answer
        }
        return sum
    }

    // Calls `multiply` with one string: the host must refuse it.
    GuestFunction.register("call_host_wrong") { () throws(GuestError) -> Int64 in
        try Host.call("multiply", "six")
    }

    GuestFunction.register("guest_error") { (code: Int32, message: String) throws(GuestError) in
        throw GuestError(code: UInt32(bitPattern: code), message: message)
    }
}
