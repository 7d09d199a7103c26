// SPDX-License-Identifier: MIT OR Apache-2.0

internal import CVitrineGuest

/// Calls into the host, while a guest function runs:
///
///     let product: Int64 = try Host.call("multiply", a, b)
///
/// A call costs one exit. It throws what the host function threw, or an ABI code: a missing function, wrong
/// parameters, a result of another type, a call that does not fit the output buffer, or one made while no guest
/// function runs.
public enum Host {}

/// A host call being written into the output buffer.
@safe struct HostCall {
    // SAFETY: the writer points into the output buffer, which lives as long as the guest.
    private var writer: vitrine_message_writer
    private let result: WireType

    // SAFETY: the writer points into the output buffer, which lives as long as the guest and is used by one call at a
    // time.
    init(_ name: String, returns result: WireType, parameterCount: Int) {
        var writer = unsafe vitrine_message_writer()
        unsafe name.withText { text in
            unsafe writer = vitrine_host_call_begin(
                text, UInt32(result.rawValue), UInt32(truncatingIfNeeded: parameterCount))
        }
        unsafe self.writer = writer
        self.result = result
    }

    // SAFETY: the writer points into the output buffer, which lives as long as the guest and is used by one call at a
    // time.
    mutating func append(_ value: some GuestValue) {
        var writer = unsafe self.writer
        value.withWireValue { wire in unsafe vitrine_write_value(&writer, wire.raw) }
        unsafe self.writer = writer
    }

    /// Rings the host. The result's strings and bytes stand until the next host call.
    // SAFETY: the writer points into the output buffer, which lives as long as the guest and is used by one call at a
    // time.
    func finish() throws(GuestError) -> WireValue {
        var writer = unsafe self.writer
        let reply = unsafe vitrine_host_call_finish(&writer, UInt32(result.rawValue))
        let value = unsafe WireValue(raw: reply.value)
        if unsafe reply.error_code != 0 {
            throw unsafe GuestError(code: reply.error_code, message: String(value))
        }
        return value
    }
}
