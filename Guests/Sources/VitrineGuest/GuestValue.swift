// SPDX-License-Identifier: MIT OR Apache-2.0

internal import CVitrineGuest

/// A type whose values cross between guest and host: `Int32`, `UInt32`, `Int64`, `UInt64`, `Float`, `Double`, `Bool`,
/// `String` and `[UInt8]`. There are no others: the set is the ABI's.
public protocol GuestValue {
    /// The type on the wire.
    static var wireType: WireType { get }

    /// Copies a value out of a message. The runtime has checked its type.
    init(_ wire: WireValue)

    /// Lends the value in wire form; strings and bytes are not copied.
    func withWireValue(_ body: (WireValue) -> Void)
}

/// The types of the ABI's values, with their numbers.
public enum WireType: UInt8, Sendable {
    /// No value.
    case void = 0
    /// A 32-bit signed integer.
    case int32 = 1
    /// A 32-bit unsigned integer.
    case uint32 = 2
    /// A 64-bit signed integer.
    case int64 = 3
    /// A 64-bit unsigned integer.
    case uint64 = 4
    /// An IEEE 754 single.
    case float = 5
    /// An IEEE 754 double.
    case double = 6
    /// A truth value.
    case bool = 7
    /// UTF-8 text.
    case string = 8
    /// Any bytes.
    case bytes = 9
}

/// A value as a message holds it; strings and bytes are borrowed from the message.
@safe public struct WireValue {
    // SAFETY: holds a pointer into a message; values are made and used only while the message stands.
    let raw: vitrine_value
}

extension Int32: GuestValue {
    /// The type on the wire.
    public static var wireType: WireType { .int32 }

    // SAFETY: the wire type says which member of the union holds.
    /// Takes the value out of a message.
    public init(_ wire: WireValue) { self = unsafe wire.raw.int32 }

    // SAFETY: a number holds no pointer.
    /// Lends the value in wire form.
    public func withWireValue(_ body: (WireValue) -> Void) { body(unsafe WireValue(raw: vitrine_int32(self))) }
}

extension UInt32: GuestValue {
    /// The type on the wire.
    public static var wireType: WireType { .uint32 }

    // SAFETY: the wire type says which member of the union holds.
    /// Takes the value out of a message.
    public init(_ wire: WireValue) { self = unsafe wire.raw.uint32 }

    // SAFETY: a number holds no pointer.
    /// Lends the value in wire form.
    public func withWireValue(_ body: (WireValue) -> Void) { body(unsafe WireValue(raw: vitrine_uint32(self))) }
}

extension Int64: GuestValue {
    /// The type on the wire.
    public static var wireType: WireType { .int64 }

    // SAFETY: the wire type says which member of the union holds.
    /// Takes the value out of a message.
    public init(_ wire: WireValue) { self = unsafe wire.raw.int64 }

    // SAFETY: a number holds no pointer.
    /// Lends the value in wire form.
    public func withWireValue(_ body: (WireValue) -> Void) { body(unsafe WireValue(raw: vitrine_int64(self))) }
}

extension UInt64: GuestValue {
    /// The type on the wire.
    public static var wireType: WireType { .uint64 }

    // SAFETY: the wire type says which member of the union holds.
    /// Takes the value out of a message.
    public init(_ wire: WireValue) { self = unsafe wire.raw.uint64 }

    // SAFETY: a number holds no pointer.
    /// Lends the value in wire form.
    public func withWireValue(_ body: (WireValue) -> Void) { body(unsafe WireValue(raw: vitrine_uint64(self))) }
}

extension Float: GuestValue {
    /// The type on the wire.
    public static var wireType: WireType { .float }

    // SAFETY: the wire type says which member of the union holds.
    /// Takes the value out of a message.
    public init(_ wire: WireValue) { self = unsafe wire.raw.float32 }

    // SAFETY: a number holds no pointer.
    /// Lends the value in wire form.
    public func withWireValue(_ body: (WireValue) -> Void) { body(unsafe WireValue(raw: vitrine_float(self))) }
}

extension Double: GuestValue {
    /// The type on the wire.
    public static var wireType: WireType { .double }

    // SAFETY: the wire type says which member of the union holds.
    /// Takes the value out of a message.
    public init(_ wire: WireValue) { self = unsafe wire.raw.float64 }

    // SAFETY: a number holds no pointer.
    /// Lends the value in wire form.
    public func withWireValue(_ body: (WireValue) -> Void) { body(unsafe WireValue(raw: vitrine_double(self))) }
}

extension Bool: GuestValue {
    /// The type on the wire.
    public static var wireType: WireType { .bool }

    // SAFETY: the wire type says which member of the union holds.
    /// Takes the value out of a message.
    public init(_ wire: WireValue) { self = unsafe wire.raw.boolean }

    // SAFETY: a number holds no pointer.
    /// Lends the value in wire form.
    public func withWireValue(_ body: (WireValue) -> Void) { body(unsafe WireValue(raw: vitrine_bool(self))) }
}
