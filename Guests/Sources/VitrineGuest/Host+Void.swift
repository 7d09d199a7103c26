// SPDX-License-Identifier: MIT OR Apache-2.0

// One overload for each number of parameters: Embedded Swift has no parameter packs over types.

extension Host {
    /// Calls a host function with 0 parameters that returns nothing.
    public static func call(_ name: String) throws(GuestError) {
        let call = HostCall(name, returns: .void, parameterCount: 0)
        _ = try call.finish()
    }

    /// Calls a host function with 1 parameter that returns nothing.
    public static func call<A: GuestValue>(_ name: String, _ a: A) throws(GuestError) {
        var call = HostCall(name, returns: .void, parameterCount: 1)
        call.append(a)
        _ = try call.finish()
    }

    /// Calls a host function with 2 parameters that returns nothing.
    public static func call<A: GuestValue, B: GuestValue>(_ name: String, _ a: A, _ b: B) throws(GuestError) {
        var call = HostCall(name, returns: .void, parameterCount: 2)
        call.append(a)
        call.append(b)
        _ = try call.finish()
    }

    /// Calls a host function with 3 parameters that returns nothing.
    public static func call<A: GuestValue, B: GuestValue, C: GuestValue>(_ name: String, _ a: A, _ b: B, _ c: C)
        throws(GuestError)
    {
        var call = HostCall(name, returns: .void, parameterCount: 3)
        call.append(a)
        call.append(b)
        call.append(c)
        _ = try call.finish()
    }

    /// Calls a host function with 4 parameters that returns nothing.
    public static func call<A: GuestValue, B: GuestValue, C: GuestValue, D: GuestValue>(
        _ name: String, _ a: A, _ b: B, _ c: C, _ d: D
    ) throws(GuestError) {
        var call = HostCall(name, returns: .void, parameterCount: 4)
        call.append(a)
        call.append(b)
        call.append(c)
        call.append(d)
        _ = try call.finish()
    }

    /// Calls a host function with 5 parameters that returns nothing.
    public static func call<A: GuestValue, B: GuestValue, C: GuestValue, D: GuestValue, E: GuestValue>(
        _ name: String, _ a: A, _ b: B, _ c: C, _ d: D, _ e: E
    ) throws(GuestError) {
        var call = HostCall(name, returns: .void, parameterCount: 5)
        call.append(a)
        call.append(b)
        call.append(c)
        call.append(d)
        call.append(e)
        _ = try call.finish()
    }

    /// Calls a host function with 6 parameters that returns nothing.
    public static func call<A: GuestValue, B: GuestValue, C: GuestValue, D: GuestValue, E: GuestValue, F: GuestValue>(
        _ name: String, _ a: A, _ b: B, _ c: C, _ d: D, _ e: E, _ f: F
    ) throws(GuestError) {
        var call = HostCall(name, returns: .void, parameterCount: 6)
        call.append(a)
        call.append(b)
        call.append(c)
        call.append(d)
        call.append(e)
        call.append(f)
        _ = try call.finish()
    }

    /// Calls a host function with 7 parameters that returns nothing.
    public static func call<
        A: GuestValue, B: GuestValue, C: GuestValue, D: GuestValue, E: GuestValue, F: GuestValue, G: GuestValue
    >(_ name: String, _ a: A, _ b: B, _ c: C, _ d: D, _ e: E, _ f: F, _ g: G) throws(GuestError) {
        var call = HostCall(name, returns: .void, parameterCount: 7)
        call.append(a)
        call.append(b)
        call.append(c)
        call.append(d)
        call.append(e)
        call.append(f)
        call.append(g)
        _ = try call.finish()
    }

    /// Calls a host function with 8 parameters that returns nothing.
    public static func call<
        A: GuestValue, B: GuestValue, C: GuestValue, D: GuestValue, E: GuestValue, F: GuestValue, G: GuestValue,
        H: GuestValue
    >(_ name: String, _ a: A, _ b: B, _ c: C, _ d: D, _ e: E, _ f: F, _ g: G, _ h: H) throws(GuestError) {
        var call = HostCall(name, returns: .void, parameterCount: 8)
        call.append(a)
        call.append(b)
        call.append(c)
        call.append(d)
        call.append(e)
        call.append(f)
        call.append(g)
        call.append(h)
        _ = try call.finish()
    }

    /// Calls a host function with 9 parameters that returns nothing.
    public static func call<
        A: GuestValue, B: GuestValue, C: GuestValue, D: GuestValue, E: GuestValue, F: GuestValue, G: GuestValue,
        H: GuestValue, I: GuestValue
    >(_ name: String, _ a: A, _ b: B, _ c: C, _ d: D, _ e: E, _ f: F, _ g: G, _ h: H, _ i: I) throws(GuestError) {
        var call = HostCall(name, returns: .void, parameterCount: 9)
        call.append(a)
        call.append(b)
        call.append(c)
        call.append(d)
        call.append(e)
        call.append(f)
        call.append(g)
        call.append(h)
        call.append(i)
        _ = try call.finish()
    }

    /// Calls a host function with 10 parameters that returns nothing.
    public static func call<
        A: GuestValue, B: GuestValue, C: GuestValue, D: GuestValue, E: GuestValue, F: GuestValue, G: GuestValue,
        H: GuestValue, I: GuestValue, J: GuestValue
    >(_ name: String, _ a: A, _ b: B, _ c: C, _ d: D, _ e: E, _ f: F, _ g: G, _ h: H, _ i: I, _ j: J) throws(GuestError)
    {
        var call = HostCall(name, returns: .void, parameterCount: 10)
        call.append(a)
        call.append(b)
        call.append(c)
        call.append(d)
        call.append(e)
        call.append(f)
        call.append(g)
        call.append(h)
        call.append(i)
        call.append(j)
        _ = try call.finish()
    }
}
