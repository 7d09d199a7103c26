// SPDX-License-Identifier: MIT OR Apache-2.0

import VitrineGuest

/// Every number of parameters: what `add`, `sum10` and the echoes leave out. The parameters are decimal digits, so that
/// their order shows in the result.
func registerDigits() {
    GuestFunction.register("digits3") { (a: Int64, b: Int64, c: Int64) in digits(a, b, c) }
    GuestFunction.register("digits4") { (a: Int64, b: Int64, c: Int64, d: Int64) in digits(a, b, c, d) }
    GuestFunction.register("digits5") { (a: Int64, b: Int64, c: Int64, d: Int64, e: Int64) in digits(a, b, c, d, e) }
    GuestFunction.register("digits6") {
        (a: Int64, b: Int64, c: Int64, d: Int64, e: Int64, f: Int64) in
        digits(a, b, c, d, e, f)
    }
    GuestFunction.register("digits7") {
        (a: Int64, b: Int64, c: Int64, d: Int64, e: Int64, f: Int64, g: Int64) in
        digits(a, b, c, d, e, f, g)
    }
    GuestFunction.register("digits8") {
        (a: Int64, b: Int64, c: Int64, d: Int64, e: Int64, f: Int64, g: Int64, h: Int64) in
        digits(a, b, c, d, e, f, g, h)
    }
    GuestFunction.register("digits9") {
        (a: Int64, b: Int64, c: Int64, d: Int64, e: Int64, f: Int64, g: Int64, h: Int64, i: Int64) in
        digits(a, b, c, d, e, f, g, h, i)
    }

    // Calls the host functions `noteN`, which returns nothing, and `digitsN` with 1, 2, … N; returns the latter's.
    GuestFunction.register("call_host_digits") { (count: Int32) throws(GuestError) -> Int64 in
        try callHost(parameterCount: count)
    }
}

/// A decimal number of its digits.
private func digits(_ digits: Int64...) -> Int64 {
    var number: Int64 = 0
    for digit in digits { number = number &* 10 &+ digit }
    return number
}

private func callHost(parameterCount: Int32) throws(GuestError) -> Int64 {
    let a: Int64 = 1
    let (b, c, d, e, f, g, h, i, j) = (a + 1, a + 2, a + 3, a + 4, a + 5, a + 6, a + 7, a + 8, a + 9)
    switch parameterCount {
    case 0:
        try Host.call("note0")
        return try Host.call("digits0")
    case 1:
        try Host.call("note1", a)
        return try Host.call("digits1", a)
    case 2:
        try Host.call("note2", a, b)
        return try Host.call("digits2", a, b)
    case 3:
        try Host.call("note3", a, b, c)
        return try Host.call("digits3", a, b, c)
    case 4:
        try Host.call("note4", a, b, c, d)
        return try Host.call("digits4", a, b, c, d)
    case 5:
        try Host.call("note5", a, b, c, d, e)
        return try Host.call("digits5", a, b, c, d, e)
    case 6:
        try Host.call("note6", a, b, c, d, e, f)
        return try Host.call("digits6", a, b, c, d, e, f)
    case 7:
        try Host.call("note7", a, b, c, d, e, f, g)
        return try Host.call("digits7", a, b, c, d, e, f, g)
    case 8:
        try Host.call("note8", a, b, c, d, e, f, g, h)
        return try Host.call("digits8", a, b, c, d, e, f, g, h)
    case 9:
        try Host.call("note9", a, b, c, d, e, f, g, h, i)
        return try Host.call("digits9", a, b, c, d, e, f, g, h, i)
    default:
        try Host.call("note10", a, b, c, d, e, f, g, h, i, j)
        return try Host.call("digits10", a, b, c, d, e, f, g, h, i, j)
    }
}
