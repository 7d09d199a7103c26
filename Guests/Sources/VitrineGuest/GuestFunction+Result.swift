// SPDX-License-Identifier: MIT OR Apache-2.0

// One overload for each number of parameters: Embedded Swift has no parameter packs over types.

extension GuestFunction {
    /// Registers a function of 0 parameters with a result.
    public static func register<Result: GuestValue>(
        _ name: StaticString, _ body: @escaping () throws(GuestError) -> Result
    ) {
        register(name, takes: [], returns: Result.wireType) { call throws(GuestError) in
            call.returns(try body())
        }
    }

    /// Registers a function of 1 parameter with a result.
    public static func register<A: GuestValue, Result: GuestValue>(
        _ name: StaticString, _ body: @escaping (A) throws(GuestError) -> Result
    ) {
        register(name, takes: [A.wireType], returns: Result.wireType) { call throws(GuestError) in
            call.returns(try body(call.value(0)))
        }
    }

    /// Registers a function of 2 parameters with a result.
    public static func register<A: GuestValue, B: GuestValue, Result: GuestValue>(
        _ name: StaticString, _ body: @escaping (A, B) throws(GuestError) -> Result
    ) {
        register(name, takes: [A.wireType, B.wireType], returns: Result.wireType) { call throws(GuestError) in
            call.returns(try body(call.value(0), call.value(1)))
        }
    }

    /// Registers a function of 3 parameters with a result.
    public static func register<A: GuestValue, B: GuestValue, C: GuestValue, Result: GuestValue>(
        _ name: StaticString, _ body: @escaping (A, B, C) throws(GuestError) -> Result
    ) {
        register(name, takes: [A.wireType, B.wireType, C.wireType], returns: Result.wireType) {
            call throws(GuestError) in
            call.returns(try body(call.value(0), call.value(1), call.value(2)))
        }
    }

    /// Registers a function of 4 parameters with a result.
    public static func register<A: GuestValue, B: GuestValue, C: GuestValue, D: GuestValue, Result: GuestValue>(
        _ name: StaticString, _ body: @escaping (A, B, C, D) throws(GuestError) -> Result
    ) {
        register(name, takes: [A.wireType, B.wireType, C.wireType, D.wireType], returns: Result.wireType) {
            call throws(GuestError) in
            call.returns(try body(call.value(0), call.value(1), call.value(2), call.value(3)))
        }
    }

    /// Registers a function of 5 parameters with a result.
    public static func register<
        A: GuestValue, B: GuestValue, C: GuestValue, D: GuestValue, E: GuestValue, Result: GuestValue
    >(
        _ name: StaticString, _ body: @escaping (A, B, C, D, E) throws(GuestError) -> Result
    ) {
        register(name, takes: [A.wireType, B.wireType, C.wireType, D.wireType, E.wireType], returns: Result.wireType) {
            call throws(GuestError) in
            call.returns(try body(call.value(0), call.value(1), call.value(2), call.value(3), call.value(4)))
        }
    }

    /// Registers a function of 6 parameters with a result.
    public static func register<
        A: GuestValue, B: GuestValue, C: GuestValue, D: GuestValue, E: GuestValue, F: GuestValue, Result: GuestValue
    >(
        _ name: StaticString, _ body: @escaping (A, B, C, D, E, F) throws(GuestError) -> Result
    ) {
        register(
            name, takes: [A.wireType, B.wireType, C.wireType, D.wireType, E.wireType, F.wireType],
            returns: Result.wireType
        ) { call throws(GuestError) in
            call.returns(
                try body(call.value(0), call.value(1), call.value(2), call.value(3), call.value(4), call.value(5)))
        }
    }

    /// Registers a function of 7 parameters with a result.
    public static func register<
        A: GuestValue, B: GuestValue, C: GuestValue, D: GuestValue, E: GuestValue, F: GuestValue, G: GuestValue,
        Result: GuestValue
    >(
        _ name: StaticString, _ body: @escaping (A, B, C, D, E, F, G) throws(GuestError) -> Result
    ) {
        register(
            name, takes: [A.wireType, B.wireType, C.wireType, D.wireType, E.wireType, F.wireType, G.wireType],
            returns: Result.wireType
        ) { call throws(GuestError) in
            call.returns(
                try body(
                    call.value(0), call.value(1), call.value(2), call.value(3), call.value(4), call.value(5),
                    call.value(6)))
        }
    }

    /// Registers a function of 8 parameters with a result.
    public static func register<
        A: GuestValue, B: GuestValue, C: GuestValue, D: GuestValue, E: GuestValue, F: GuestValue, G: GuestValue,
        H: GuestValue, Result: GuestValue
    >(
        _ name: StaticString, _ body: @escaping (A, B, C, D, E, F, G, H) throws(GuestError) -> Result
    ) {
        register(
            name,
            takes: [A.wireType, B.wireType, C.wireType, D.wireType, E.wireType, F.wireType, G.wireType, H.wireType],
            returns: Result.wireType
        ) { call throws(GuestError) in
            call.returns(
                try body(
                    call.value(0), call.value(1), call.value(2), call.value(3), call.value(4), call.value(5),
                    call.value(6), call.value(7)))
        }
    }

    /// Registers a function of 9 parameters with a result.
    public static func register<
        A: GuestValue, B: GuestValue, C: GuestValue, D: GuestValue, E: GuestValue, F: GuestValue, G: GuestValue,
        H: GuestValue, I: GuestValue, Result: GuestValue
    >(
        _ name: StaticString, _ body: @escaping (A, B, C, D, E, F, G, H, I) throws(GuestError) -> Result
    ) {
        register(
            name,
            takes: [
                A.wireType, B.wireType, C.wireType, D.wireType, E.wireType, F.wireType, G.wireType, H.wireType,
                I.wireType,
            ], returns: Result.wireType
        ) { call throws(GuestError) in
            call.returns(
                try body(
                    call.value(0), call.value(1), call.value(2), call.value(3), call.value(4), call.value(5),
                    call.value(6), call.value(7), call.value(8)))
        }
    }

    /// Registers a function of 10 parameters with a result.
    public static func register<
        A: GuestValue, B: GuestValue, C: GuestValue, D: GuestValue, E: GuestValue, F: GuestValue, G: GuestValue,
        H: GuestValue, I: GuestValue, J: GuestValue, Result: GuestValue
    >(
        _ name: StaticString, _ body: @escaping (A, B, C, D, E, F, G, H, I, J) throws(GuestError) -> Result
    ) {
        register(
            name,
            takes: [
                A.wireType, B.wireType, C.wireType, D.wireType, E.wireType, F.wireType, G.wireType, H.wireType,
                I.wireType, J.wireType,
            ], returns: Result.wireType
        ) { call throws(GuestError) in
            call.returns(
                try body(
                    call.value(0), call.value(1), call.value(2), call.value(3), call.value(4), call.value(5),
                    call.value(6), call.value(7), call.value(8), call.value(9)))
        }
    }
}
