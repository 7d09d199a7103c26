// SPDX-License-Identifier: MIT OR Apache-2.0

import CVitrineGuest
import Testing
import VitrineWire

extension Runtime {
    @Suite struct HostCalls {
        private let machine = FakeMachine.shared

        // SAFETY: the runtime is given literals and its own call.
        init() {
            machine.reset()
            var function = unsafe vitrine_guest_function()
            let name: StaticString = "relay"
            // SAFETY: a literal's bytes stand for ever; the description is copied.
            unsafe function.name = UnsafeRawPointer(name.utf8Start).assumingMemoryBound(to: CChar.self)
            unsafe function.name_byte_count = 5
            unsafe function.parameter_count = 1
            unsafe function.parameter_types.0 = UInt8(WireType.string.rawValue)
            unsafe function.result_type = UInt8(WireType.string.rawValue)
            // Begins a result, calls the host, and appends what it said.
            unsafe function.body = { call in
                let start = unsafe vitrine_return_in_place(call, VITRINE_TYPE_STRING, 4)
                unsafe vitrine_fill(start, 0x61, 4)
                let name: StaticString = "ask"
                let text = unsafe vitrine_text(
                    bytes: UnsafeRawPointer(name.utf8Start).assumingMemoryBound(to: CChar.self), byte_count: 3)
                var parameter = unsafe call!.pointee.parameters.0
                var reply = unsafe vitrine_call_host(text, VITRINE_TYPE_INT64, &parameter, 1)
                if unsafe reply.error_code != 0 { unsafe vitrine_return_reply_error(call, &reply) }
            }
            unsafe vitrine_guest_register(&function)
        }

        /// Serves one `relay("text")` with a host that answers as told.
        private func serve(answer: [UInt8]?) throws -> Wire.Reply {
            let request = try Wire.call("relay", "text", returns: .string)
            machine.onRing = { [machine] port in
                #expect(port == UInt16(VITRINE_PORT_CALL_HOST))
                #expect(machine.mailbox.reply_sequence == machine.requestSequence)
                let asked = Wire.Reply.call("ask", ["string text"], returns: .int64)
                #expect((try? Wire.read(machine.reply)) == asked)
                if let answer { machine.request(answer, at: request.count) }
            }
            machine.request(request)
            vitrine_runtime_serve()
            #expect(machine.rings == [UInt16(VITRINE_PORT_CALL_HOST)])
            #expect(machine.mailbox.reply_sequence == machine.requestSequence)
            return try Wire.read(machine.reply)
        }

        @Test func `keeps a result that was begun before the host was called`() throws {
            #expect(try serve(answer: Wire.result(Int64(7))) == .value("string aaaa"))
        }

        @Test func `hands a host function's error on`() throws {
            #expect(try serve(answer: Wire.error(4, "host says no")) == .error(4, "host says no"))
        }

        @Test func `refuses an answer of another type`() throws {
            let expected = Wire.Reply.error(3, "the host's answer is not of the type asked for")
            #expect(try serve(answer: Wire.result("seven")) == expected)
        }

        @Test func `refuses an answer that is none`() throws {
            let expected = Wire.Reply.error(7, "the host's answer is not a result or error message")
            #expect(try serve(answer: nil) == expected)
            machine.reset()
        }

        // SAFETY: the runtime is given literals and its own call.
        @Test func `refuses to call while no guest function is served`() {
            let reply = unsafe vitrine_call_host(vitrine_text(bytes: nil, byte_count: 0), VITRINE_TYPE_VOID, nil, 0)
            #expect(unsafe reply.error_code == VITRINE_ERROR_HOST_FUNCTION_FAILED)
            #expect(machine.rings.isEmpty)
        }
    }
}
