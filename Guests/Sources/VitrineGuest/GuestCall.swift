// SPDX-License-Identifier: MIT OR Apache-2.0

internal import CVitrineGuest

/// The call that a guest function serves: parameters where the host put them, results where the host will read them.
/// The form for large strings and bytes, as nothing is copied.
@safe public struct GuestCall: ~Copyable {
    // SAFETY: points to the runtime's call, which outlives this value: it is lent to the function's body only.
    let raw: UnsafeMutablePointer<vitrine_call>

    // SAFETY: `raw` is the runtime's call, which stands while the function runs.
    /// The number of parameters, as registered.
    public var parameterCount: Int { unsafe Int(raw.pointee.parameter_count) }

    // SAFETY: `raw` is the runtime's call, which stands while the function runs.
    /// A parameter in wire form. Aborts the guest when there is none of that index and type: the guest's own mistake.
    func parameter(_ index: Int, _ type: WireType) -> WireValue {
        let count = unsafe Int(raw.pointee.parameter_count)
        if index < 0 || index >= count {
            fatalGuestError("a guest function asked for a parameter that it does not have")
        }
        // SAFETY: the index is below the count, which is at most the array's length.
        let value = unsafe withUnsafeBytes(of: &raw.pointee.parameters) { bytes in
            unsafe bytes.load(fromByteOffset: index * MemoryLayout<vitrine_value>.stride, as: vitrine_value.self)
        }
        if unsafe value.type != UInt32(type.rawValue) {
            fatalGuestError("a guest function asked for a parameter as another type than it declares")
        }
        return unsafe WireValue(raw: value)
    }

    /// A parameter as a Swift value; strings and bytes are copied.
    public func value<Value: GuestValue>(_ index: Int, as type: Value.Type = Value.self) -> Value {
        Value(parameter(index, Value.wireType))
    }

    /// The bytes of a `[UInt8]` parameter, in the input buffer.
    @_lifetime(borrow self)
    public func bytes(_ index: Int) -> Span<UInt8> {
        span(of: parameter(index, .bytes))
    }

    /// The UTF-8 bytes of a `String` parameter, in the input buffer. They are not checked to be UTF-8.
    @_lifetime(borrow self)
    public func utf8(_ index: Int) -> Span<UInt8> {
        span(of: parameter(index, .string))
    }

    @_lifetime(borrow self)
    private func span(of value: WireValue) -> Span<UInt8> {
        // SAFETY: the input buffer keeps the call's message until the function has returned, and `self` lives no
        // longer.
        unsafe _overrideLifetime(Span(_unsafeElements: value.payload), borrowing: self)
    }
}
