// SPDX-License-Identifier: MIT OR Apache-2.0

import VitrineGuest

// SAFETY: a guest has one thread.
/// State that is kept between calls.
nonisolated(unsafe) private var calls: Int64 = 0

func registerArithmetic() {
    GuestFunction.register("add") { (a: Int64, b: Int64) in a &+ b }
    GuestFunction.register("sub") { (a: Int64, b: Int64) in a &- b }
    GuestFunction.register("multiply") { (a: Double, b: Double) in a * b }
    GuestFunction.register("sum10") {
        (
            a: Int64, b: Int64, c: Int64, d: Int64, e: Int64, f: Int64, g: Int64, h: Int64, i: Int64, j: Int64
        ) -> Int64 in
        var sum = a &+ b &+ c &+ d
        sum = sum &+ e &+ f &+ g
        return sum &+ h &+ i &+ j
    }
    GuestFunction.register("count") { () -> Int64 in
        // SAFETY: a guest has one thread.
        unsafe calls += 1
        return unsafe calls
    }
}
