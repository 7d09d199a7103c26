// SPDX-License-Identifier: MIT OR Apache-2.0

import CVitrineGuest
import Testing
import VitrineWire

extension Runtime {
    @Suite struct Serving {
        private let machine = FakeMachine.shared

        init() { machine.reset() }

        private typealias Body = @convention(c) (UnsafeMutablePointer<vitrine_call>?) -> Void

        // SAFETY: the runtime is given literals and its own call.
        private func register(_ name: StaticString, _ parameters: [WireType], returns result: WireType, _ body: Body) {
            var function = unsafe vitrine_guest_function()
            // SAFETY: a literal's bytes stand for ever; the description is copied.
            unsafe function.name = UnsafeRawPointer(name.utf8Start).assumingMemoryBound(to: CChar.self)
            unsafe function.name_byte_count = UInt32(name.utf8CodeUnitCount)
            unsafe function.result_type = UInt8(result.rawValue)
            unsafe function.parameter_count = UInt8(parameters.count)
            unsafe withUnsafeMutableBytes(of: &function.parameter_types) { types in
                for (index, type) in parameters.enumerated() { unsafe types[index] = UInt8(type.rawValue) }
            }
            unsafe function.body = body
            unsafe vitrine_guest_register(&function)
        }

        // SAFETY: the runtime is given literals and its own call.
        /// Returns its first parameter.
        private static let echo: Body = { call in unsafe vitrine_return(call, call!.pointee.parameters.0) }

        private func reply(to message: [UInt8]) throws -> Wire.Reply {
            machine.request(message)
            vitrine_runtime_serve()
            #expect(machine.mailbox.reply_sequence == machine.requestSequence)
            #expect(machine.mailbox.message_offset == 64)
            return try Wire.read(machine.reply)
        }

        // SAFETY: the runtime is given literals and its own call.
        @Test func `gives back values of every type`() throws {
            let types: [WireType] = [.int32, .uint32, .int64, .uint64, .float, .double, .bool, .string, .bytes]
            let names: [StaticString] = ["i32", "u32", "i64", "u64", "f32", "f64", "b", "s", "y"]
            for (type, name) in zip(types, names) { unsafe register(name, [type], returns: type, Self.echo) }

            #expect(try reply(to: Wire.call("i32", Int32.min, returns: .int32)) == .value("int32 -2147483648"))
            #expect(try reply(to: Wire.call("u32", UInt32.max, returns: .uint32)) == .value("uint32 4294967295"))
            #expect(try reply(to: Wire.call("i64", Int64.min, returns: .int64)) == .value("int64 -9223372036854775808"))
            #expect(
                try reply(to: Wire.call("u64", UInt64.max, returns: .uint64)) == .value("uint64 18446744073709551615"))
            #expect(try reply(to: Wire.call("f32", Float(1.5), returns: .float)) == .value("float 1.5"))
            #expect(try reply(to: Wire.call("f64", -0.25, returns: .double)) == .value("double -0.25"))
            #expect(try reply(to: Wire.call("b", true, returns: .bool)) == .value("bool true"))
            #expect(try reply(to: Wire.call("s", "grüße", returns: .string)) == .value("string grüße"))
            #expect(try reply(to: Wire.call("y", [1, 2, 3] as [UInt8], returns: .bytes)) == .value("bytes [1, 2, 3]"))
            #expect(try reply(to: Wire.call("s", "", returns: .string)) == .value("string "))
        }

        // SAFETY: the runtime is given literals and its own call.
        @Test func `refuses what it does not offer, and says why`() throws {
            unsafe register("add", [.int64, .int64], returns: .int64) { call in
                unsafe vitrine_return(call, vitrine_int64(0))
            }

            #expect(try reply(to: Wire.call("sub", returns: .void)) == .error(1, "no guest function is named sub"))
            #expect(
                try reply(to: Wire.call("add", Int64(1), "two", returns: .int64))
                    == .error(2, "add takes (int64, int64), was given (int64, string)"))
            #expect(
                try reply(to: Wire.call("add", returns: .int64)) == .error(2, "add takes (int64, int64), was given ()"))
            #expect(
                try reply(to: Wire.call("add", Int64(1), Int64(2), returns: .string))
                    == .error(3, "add returns int64, asked for was string"))
            #expect(try reply(to: Wire.result(Int64(1))) == .error(7, "the request is not a call message"))
            #expect(try reply(to: []) == .error(7, "the request is not a call message"))
        }

        // SAFETY: the runtime is given literals and its own call.
        @Test func `notices a function that returns nothing or another type than it declares`() throws {
            unsafe register("nothing", [], returns: .int64) { _ in }
            unsafe register("other", [], returns: .int64) { call in unsafe vitrine_return(call, vitrine_bool(true)) }
            unsafe register("void", [], returns: .void) { _ in }

            #expect(
                try reply(to: Wire.call("nothing", returns: .int64))
                    == .error(3, "nothing returned without a result, it declares int64, wanted was int64"))
            #expect(
                try reply(to: Wire.call("other", returns: .int64))
                    == .error(3, "other returned bool, it declares int64"))
            #expect(try reply(to: Wire.call("void", returns: .void)) == .value("void"))
        }

        // SAFETY: the runtime is given literals and its own call.
        @Test func `answers with an error when a result does not fit`() throws {
            unsafe register("huge", [], returns: .bytes) { call in
                let start = unsafe vitrine_return_in_place(call, VITRINE_TYPE_BYTES, 1 << 30)
                #expect(unsafe start == nil)
            }
            unsafe register("most", [], returns: .bytes) { call in
                // The buffer less mailbox, message header and value header.
                let start = unsafe vitrine_return_in_place(call, VITRINE_TYPE_BYTES, (64 << 10) - 64 - 16 - 8)
                #expect(unsafe start != nil)
            }
            #expect(
                try reply(to: Wire.call("huge", returns: .bytes))
                    == .error(8, "the result does not fit the output buffer"))
            machine.request(try Wire.call("most", returns: .bytes))
            vitrine_runtime_serve()
            #expect(machine.reply.count == (64 << 10) - 64)
        }

        // SAFETY: the runtime is given literals and its own call.
        @Test func `cuts an error's text at the limit, between characters`() throws {
            unsafe register("fail", [], returns: .void) { call in
                let text = String(repeating: "ü", count: 5000)
                unsafe text.utf8.withContiguousStorageIfAvailable { utf8 in
                    let start = unsafe UnsafeRawPointer(utf8.baseAddress!).assumingMemoryBound(to: CChar.self)
                    unsafe vitrine_return_error(call, 1000, vitrine_text(bytes: start, byte_count: utf8.count))
                }
            }
            let expected = String(repeating: "ü", count: 2048)
            #expect(try reply(to: Wire.call("fail", returns: .void)) == .error(1000, expected))
        }

        // SAFETY: the runtime is given literals and its own call.
        @Test func `serves or refuses 100,000 mutated requests and always leaves a readable reply`() throws {
            unsafe register("echo", [.string], returns: .string, Self.echo)
            unsafe register("pair", [.int64, .bytes], returns: .int64, Self.echo)
            let originals = [
                try Wire.call("echo", "some text of some length", returns: .string),
                try Wire.call("pair", Int64(7), [1, 2, 3, 4, 5] as [UInt8], returns: .int64),
            ]
            var generator = SeededGenerator(42)
            for _ in 0..<100_000 {
                var message = originals[Int(generator.next() % 2)]
                for _ in 0...(generator.next() % 3) {
                    let index = Int.random(in: message.indices, using: &generator)
                    message[index] = UInt8.random(in: 0...255, using: &generator)
                }
                if generator.next() % 8 == 0 { message.removeLast(Int(generator.next() % UInt64(message.count))) }
                machine.request(message)
                vitrine_runtime_serve()
                let reply = machine.reply
                // An echoed string may have become invalid UTF-8: that is for the host to refuse.
                do { _ = try Wire.read(reply) } catch WireError.notUTF8 {}
            }
            #expect(machine.rings.isEmpty)
        }
    }
}
