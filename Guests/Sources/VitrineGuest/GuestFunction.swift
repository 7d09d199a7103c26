// SPDX-License-Identifier: MIT OR Apache-2.0

internal import CVitrineGuest

/// The functions that a guest offers to its host, registered in `main`:
///
///     GuestFunction.register("add") { (a: Int64, b: Int64) in a &+ b }
///
/// The parameters and the result are of `GuestValue` types, at most ten parameters; the closure may throw
/// `GuestError`. Calls with another number or other types never reach the closure. Registering a name twice aborts the
/// guest.
public enum GuestFunction {
    /// Registers the form that reads parameters and writes the result in place: for large strings and bytes.
    ///
    ///     GuestFunction.register("sum_bytes", takes: [.bytes], returns: .uint64) { call in … }
    public static func register(
        _ name: StaticString, takes parameters: [WireType], returns result: WireType,
        _ body: @escaping (borrowing GuestCall) throws(GuestError) -> Void
    ) {
        // The SDK's own allocations cannot fail softly, so no later one shall.
        vitrine_abort_when_out_of_memory(true)
        // SAFETY: the name is a literal, the box is kept for ever, the description is copied by the runtime.
        let box = unsafe Unmanaged.passRetained(FunctionBox(body: body)).toOpaque()
        var function = unsafe vitrine_guest_function()
        unsafe function.name = name.text.bytes
        unsafe function.name_byte_count = UInt32(truncatingIfNeeded: name.utf8CodeUnitCount)
        unsafe function.result_type = result.rawValue
        unsafe function.parameter_count = UInt8(truncatingIfNeeded: parameters.count)
        unsafe withUnsafeMutableBytes(of: &function.parameter_types) { types in
            for (index, type) in parameters.prefix(types.count).enumerated() { unsafe types[index] = type.rawValue }
        }
        unsafe function.context = box
        unsafe function.body = { call in
            guard let call = unsafe call, let context = unsafe call.pointee.function.pointee.context else { return }
            unsafe Unmanaged<FunctionBox>.fromOpaque(context).takeUnretainedValue().run(GuestCall(raw: call))
        }
        unsafe vitrine_guest_register(&function)
    }
}

/// Keeps a closure at an address that C can hold.
private final class FunctionBox {
    let body: (borrowing GuestCall) throws(GuestError) -> Void

    init(body: @escaping (borrowing GuestCall) throws(GuestError) -> Void) { self.body = body }

    func run(_ call: borrowing GuestCall) {
        do throws(GuestError) {
            try body(call)
        } catch {
            call.fails(error)
        }
    }
}
