// SPDX-License-Identifier: MIT OR Apache-2.0

// One overload for each number of parameters: Embedded Swift has no parameter packs over types.

extension Host {
    /// Calls a host function with 0 parameters and returns its result.
    public static func call<Result: GuestValue>(_ name: String) throws(GuestError) -> Result {
        let call = HostCall(name, returns: Result.wireType, parameterCount: 0)
        return Result(try call.finish())
    }

    /// Calls a host function with 1 parameter and returns its result.
    public static func call<A: GuestValue, Result: GuestValue>(_ name: String, _ a: A) throws(GuestError) -> Result {
        var call = HostCall(name, returns: Result.wireType, parameterCount: 1)
        call.append(a)
        return Result(try call.finish())
    }

    /// Calls a host function with 2 parameters and returns its result.
    public static func call<A: GuestValue, B: GuestValue, Result: GuestValue>(_ name: String, _ a: A, _ b: B)
        throws(GuestError) -> Result
    {
        var call = HostCall(name, returns: Result.wireType, parameterCount: 2)
        call.append(a)
        call.append(b)
        return Result(try call.finish())
    }

    /// Calls a host function with 3 parameters and returns its result.
    public static func call<A: GuestValue, B: GuestValue, C: GuestValue, Result: GuestValue>(
        _ name: String, _ a: A, _ b: B, _ c: C
    ) throws(GuestError) -> Result {
        var call = HostCall(name, returns: Result.wireType, parameterCount: 3)
        call.append(a)
        call.append(b)
        call.append(c)
        return Result(try call.finish())
    }

    /// Calls a host function with 4 parameters and returns its result.
    public static func call<A: GuestValue, B: GuestValue, C: GuestValue, D: GuestValue, Result: GuestValue>(
        _ name: String, _ a: A, _ b: B, _ c: C, _ d: D
    ) throws(GuestError) -> Result {
        var call = HostCall(name, returns: Result.wireType, parameterCount: 4)
        call.append(a)
        call.append(b)
        call.append(c)
        call.append(d)
        return Result(try call.finish())
    }

    /// Calls a host function with 5 parameters and returns its result.
    public static func call<
        A: GuestValue, B: GuestValue, C: GuestValue, D: GuestValue, E: GuestValue, Result: GuestValue
    >(_ name: String, _ a: A, _ b: B, _ c: C, _ d: D, _ e: E) throws(GuestError) -> Result {
        var call = HostCall(name, returns: Result.wireType, parameterCount: 5)
        call.append(a)
        call.append(b)
        call.append(c)
        call.append(d)
        call.append(e)
        return Result(try call.finish())
    }

    /// Calls a host function with 6 parameters and returns its result.
    public static func call<
        A: GuestValue, B: GuestValue, C: GuestValue, D: GuestValue, E: GuestValue, F: GuestValue, Result: GuestValue
    >(_ name: String, _ a: A, _ b: B, _ c: C, _ d: D, _ e: E, _ f: F) throws(GuestError) -> Result {
        var call = HostCall(name, returns: Result.wireType, parameterCount: 6)
        call.append(a)
        call.append(b)
        call.append(c)
        call.append(d)
        call.append(e)
        call.append(f)
        return Result(try call.finish())
    }

    /// Calls a host function with 7 parameters and returns its result.
    public static func call<
        A: GuestValue, B: GuestValue, C: GuestValue, D: GuestValue, E: GuestValue, F: GuestValue, G: GuestValue,
        Result: GuestValue
    >(_ name: String, _ a: A, _ b: B, _ c: C, _ d: D, _ e: E, _ f: F, _ g: G) throws(GuestError) -> Result {
        var call = HostCall(name, returns: Result.wireType, parameterCount: 7)
        call.append(a)
        call.append(b)
        call.append(c)
        call.append(d)
        call.append(e)
        call.append(f)
        call.append(g)
        return Result(try call.finish())
    }

    /// Calls a host function with 8 parameters and returns its result.
    public static func call<
        A: GuestValue, B: GuestValue, C: GuestValue, D: GuestValue, E: GuestValue, F: GuestValue, G: GuestValue,
        H: GuestValue, Result: GuestValue
    >(_ name: String, _ a: A, _ b: B, _ c: C, _ d: D, _ e: E, _ f: F, _ g: G, _ h: H) throws(GuestError) -> Result {
        var call = HostCall(name, returns: Result.wireType, parameterCount: 8)
        call.append(a)
        call.append(b)
        call.append(c)
        call.append(d)
        call.append(e)
        call.append(f)
        call.append(g)
        call.append(h)
        return Result(try call.finish())
    }

    /// Calls a host function with 9 parameters and returns its result.
    public static func call<
        A: GuestValue, B: GuestValue, C: GuestValue, D: GuestValue, E: GuestValue, F: GuestValue, G: GuestValue,
        H: GuestValue, I: GuestValue, Result: GuestValue
    >(_ name: String, _ a: A, _ b: B, _ c: C, _ d: D, _ e: E, _ f: F, _ g: G, _ h: H, _ i: I) throws(GuestError)
        -> Result
    {
        var call = HostCall(name, returns: Result.wireType, parameterCount: 9)
        call.append(a)
        call.append(b)
        call.append(c)
        call.append(d)
        call.append(e)
        call.append(f)
        call.append(g)
        call.append(h)
        call.append(i)
        return Result(try call.finish())
    }

    /// Calls a host function with 10 parameters and returns its result.
    public static func call<
        A: GuestValue, B: GuestValue, C: GuestValue, D: GuestValue, E: GuestValue, F: GuestValue, G: GuestValue,
        H: GuestValue, I: GuestValue, J: GuestValue, Result: GuestValue
    >(_ name: String, _ a: A, _ b: B, _ c: C, _ d: D, _ e: E, _ f: F, _ g: G, _ h: H, _ i: I, _ j: J) throws(GuestError)
        -> Result
    {
        var call = HostCall(name, returns: Result.wireType, parameterCount: 10)
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
        return Result(try call.finish())
    }
}
