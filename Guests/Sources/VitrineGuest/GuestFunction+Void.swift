// SPDX-License-Identifier: MIT OR Apache-2.0

// One overload for each number of parameters: Embedded Swift has no parameter packs over types.

extension GuestFunction {
    /// Registers a function of 0 parameters without a result.
    public static func register(
        _ name: StaticString, _ body: @escaping () throws(GuestError) -> Void
    ) {
        register(name, takes: [], returns: .void) { call throws(GuestError) in
            try body()
        }
    }

    /// Registers a function of 1 parameter without a result.
    public static func register<A: GuestValue>(
        _ name: StaticString, _ body: @escaping (A) throws(GuestError) -> Void
    ) {
        register(name, takes: [A.wireType], returns: .void) { call throws(GuestError) in
            try body(call.value(0))
        }
    }

    /// Registers a function of 2 parameters without a result.
    public static func register<A: GuestValue, B: GuestValue>(
        _ name: StaticString, _ body: @escaping (A, B) throws(GuestError) -> Void
    ) {
        register(name, takes: [A.wireType, B.wireType], returns: .void) { call throws(GuestError) in
            try body(call.value(0), call.value(1))
        }
    }

    /// Registers a function of 3 parameters without a result.
    public static func register<A: GuestValue, B: GuestValue, C: GuestValue>(
        _ name: StaticString, _ body: @escaping (A, B, C) throws(GuestError) -> Void
    ) {
        register(name, takes: [A.wireType, B.wireType, C.wireType], returns: .void) { call throws(GuestError) in
            try body(call.value(0), call.value(1), call.value(2))
        }
    }

    /// Registers a function of 4 parameters without a result.
    public static func register<A: GuestValue, B: GuestValue, C: GuestValue, D: GuestValue>(
        _ name: StaticString, _ body: @escaping (A, B, C, D) throws(GuestError) -> Void
    ) {
        register(name, takes: [A.wireType, B.wireType, C.wireType, D.wireType], returns: .void) {
            call throws(GuestError) in
            try body(call.value(0), call.value(1), call.value(2), call.value(3))
        }
    }

    /// Registers a function of 5 parameters without a result.
    public static func register<A: GuestValue, B: GuestValue, C: GuestValue, D: GuestValue, E: GuestValue>(
        _ name: StaticString, _ body: @escaping (A, B, C, D, E) throws(GuestError) -> Void
    ) {
        register(name, takes: [A.wireType, B.wireType, C.wireType, D.wireType, E.wireType], returns: .void) {
            call throws(GuestError) in
            try body(call.value(0), call.value(1), call.value(2), call.value(3), call.value(4))
        }
    }

    /// Registers a function of 6 parameters without a result.
    public static func register<
        A: GuestValue, B: GuestValue, C: GuestValue, D: GuestValue, E: GuestValue, F: GuestValue
    >(
        _ name: StaticString, _ body: @escaping (A, B, C, D, E, F) throws(GuestError) -> Void
    ) {
        register(name, takes: [A.wireType, B.wireType, C.wireType, D.wireType, E.wireType, F.wireType], returns: .void)
        { call throws(GuestError) in
            try body(call.value(0), call.value(1), call.value(2), call.value(3), call.value(4), call.value(5))
        }
    }

    /// Registers a function of 7 parameters without a result.
    public static func register<
        A: GuestValue, B: GuestValue, C: GuestValue, D: GuestValue, E: GuestValue, F: GuestValue, G: GuestValue
    >(
        _ name: StaticString, _ body: @escaping (A, B, C, D, E, F, G) throws(GuestError) -> Void
    ) {
        register(
            name, takes: [A.wireType, B.wireType, C.wireType, D.wireType, E.wireType, F.wireType, G.wireType],
            returns: .void
        ) { call throws(GuestError) in
            try body(
                call.value(0), call.value(1), call.value(2), call.value(3), call.value(4), call.value(5), call.value(6))
        }
    }

    /// Registers a function of 8 parameters without a result.
    public static func register<
        A: GuestValue, B: GuestValue, C: GuestValue, D: GuestValue, E: GuestValue, F: GuestValue, G: GuestValue,
        H: GuestValue
    >(
        _ name: StaticString, _ body: @escaping (A, B, C, D, E, F, G, H) throws(GuestError) -> Void
    ) {
        register(
            name,
            takes: [A.wireType, B.wireType, C.wireType, D.wireType, E.wireType, F.wireType, G.wireType, H.wireType],
            returns: .void
        ) { call throws(GuestError) in
            try body(
                call.value(0), call.value(1), call.value(2), call.value(3), call.value(4), call.value(5), call.value(6),
                call.value(7))
        }
    }

    /// Registers a function of 9 parameters without a result.
    public static func register<
        A: GuestValue, B: GuestValue, C: GuestValue, D: GuestValue, E: GuestValue, F: GuestValue, G: GuestValue,
        H: GuestValue, I: GuestValue
    >(
        _ name: StaticString, _ body: @escaping (A, B, C, D, E, F, G, H, I) throws(GuestError) -> Void
    ) {
        register(
            name,
            takes: [
                A.wireType, B.wireType, C.wireType, D.wireType, E.wireType, F.wireType, G.wireType, H.wireType,
                I.wireType,
            ], returns: .void
        ) { call throws(GuestError) in
            try body(
                call.value(0), call.value(1), call.value(2), call.value(3), call.value(4), call.value(5), call.value(6),
                call.value(7), call.value(8))
        }
    }

    /// Registers a function of 10 parameters without a result.
    public static func register<
        A: GuestValue, B: GuestValue, C: GuestValue, D: GuestValue, E: GuestValue, F: GuestValue, G: GuestValue,
        H: GuestValue, I: GuestValue, J: GuestValue
    >(
        _ name: StaticString, _ body: @escaping (A, B, C, D, E, F, G, H, I, J) throws(GuestError) -> Void
    ) {
        register(
            name,
            takes: [
                A.wireType, B.wireType, C.wireType, D.wireType, E.wireType, F.wireType, G.wireType, H.wireType,
                I.wireType, J.wireType,
            ], returns: .void
        ) { call throws(GuestError) in
            try body(
                call.value(0), call.value(1), call.value(2), call.value(3), call.value(4), call.value(5), call.value(6),
                call.value(7), call.value(8), call.value(9))
        }
    }
}
