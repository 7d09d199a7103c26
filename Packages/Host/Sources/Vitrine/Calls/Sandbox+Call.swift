// SPDX-License-Identifier: MIT OR Apache-2.0

public import VitrineWire

// Inlinable, so that the caller's compiler makes plain code of the types: as generic code each call would cost
// microseconds of metadata look-ups, where the exits of the processor take twenty.
extension Sandbox {
    /// Calls a guest function and waits for its result.
    ///
    /// Parameters are written straight into the guest's memory, the result is copied out of it once.
    ///
    /// - Parameters:
    ///   - function: the name the guest has registered.
    ///   - parameters: up to ten of `Int32`, `UInt32`, `Int64`, `UInt64`, `Float`, `Double`, `Bool`, `String` or
    ///     `[UInt8]`: the exact types of the guest's function.
    ///   - deadline: how long the guest may run, host functions included; `SandboxLimits.deadline` if nil.
    @inlinable
    public func call<each Parameter: WireValue, Result: WireValue>(
        _ function: String,
        _ parameters: repeat each Parameter,
        deadline: Duration? = nil
    ) throws(SandboxError) -> Result {
        var result: Result?
        try perform(
            function, parameterCount: Self.count(repeat each parameters), resultType: Result.wireType,
            deadline: deadline
        ) { (writer: inout MessageWriter) throws(WireError) in
            repeat try (each parameters).encode(into: &writer)
        } decode: { (value: EncodedValue) throws(WireError) in
            result = try Result(decoding: value)
        }
        guard let result else { throw .noResult }
        return result
    }

    /// Calls a guest function that returns nothing.
    @inlinable
    public func call<each Parameter: WireValue>(
        _ function: String,
        _ parameters: repeat each Parameter,
        deadline: Duration? = nil
    ) throws(SandboxError) {
        let _: WireVoid = try call(function, repeat each parameters, deadline: deadline)
    }

    /// Calls a guest function that returns bytes or a string, and lends them without a copy.
    ///
    /// - Parameter body: gets the bytes where the guest left them. They are gone when it returns, the sandbox is busy until
    ///   then, and they are the guest's: check what you read.
    @inlinable
    public func callBorrowingBytes<each Parameter: WireValue, Result>(
        _ function: String,
        _ parameters: repeat each Parameter,
        deadline: Duration? = nil,
        _ body: (RawSpan) -> Result
    ) throws(SandboxError) -> Result {
        var result: Result?
        try perform(
            function, parameterCount: Self.count(repeat each parameters), resultType: .bytes, deadline: deadline
        ) { (writer: inout MessageWriter) throws(WireError) in
            repeat try (each parameters).encode(into: &writer)
        } decode: { (value: EncodedValue) throws(WireError) in
            result = body(try value.bytes())
        }
        guard let result else { throw .noResult }
        return result
    }

    /// How many values there are.
    @inlinable
    static func count<each Parameter>(_ parameters: repeat each Parameter) -> Int {
        var count = 0
        for _ in repeat each parameters { count += 1 }
        return count
    }
}
