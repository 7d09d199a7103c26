// SPDX-License-Identifier: MIT OR Apache-2.0

import Synchronization
import Testing
import VitrineELF

@testable import Vitrine

private struct Spoiled: Error, Equatable, CustomStringConvertible {
    let number: Int
    var description: String { "spoiled \(number)\u{7}" }
}

@Suite("Host functions")
struct HostCallTests {
    @Test("The guest calls the host, and gets its result", arguments: Places.all)
    func result(_ place: Place) throws {
        let sandbox = try place.multiplyingSandbox()
        let product: Int64 = try sandbox.call("call_host_multiply", Int64(-6), Int64(7))
        #expect(product == -42)
    }

    @Test("A thousand host calls in one call all arrive", arguments: Places.all)
    func many(_ place: Place) throws {
        let count = Mutex(0)
        let sandbox = try place.sandbox { builder in
            builder.hostFunction("multiply") { (a: Int64, b: Int64) in
                count.withLock { $0 += 1 }
                return a &* b
            }
        }
        let sum: Int64 = try sandbox.call("call_host_many", Int64(1_000))
        #expect(sum == 499_500)
        #expect(count.withLock { $0 } == 1_000)
    }

    @Test("What a host function throws comes back below hostFunctionFailed", arguments: Places.all)
    func throwing(_ place: Place) throws {
        let sandbox = try place.sandbox { builder in
            builder.hostFunction("fail") { (number: Int64) throws -> Int64 in throw Spoiled(number: Int(number)) }
        }
        let error = expectFailure(.hostFunctionFailed) {
            let _: Int64 = try sandbox.call("call_host", "fail", Int64(7))
        }
        #expect(error?.underlying as? Spoiled == Spoiled(number: 7))
        #expect(error?.description.contains("spoiled 7\\u{7}") == true)
        #expect(sandbox.status == .ready)
    }

    @Test("A missing host function is an error of the guest's call, not its end", arguments: Places.all)
    func missing(_ place: Place) throws {
        let sandbox = try place.sandbox()
        let error = expectFailure(.hostFunctionFailed) {
            let _: Int64 = try sandbox.call("call_host", "gone", Int64(1))
        }
        #expect((error?.underlying as? SandboxError)?.code == .unknownFunction)
        #expect(error?.description.contains("gone") == true)
        expectWorks(sandbox)
    }

    @Test("Wrong parameters and a wrong result type are refused", arguments: Places.all)
    func wrongParameters(_ place: Place) throws {
        let sandbox = try place.multiplyingSandbox { builder in
            builder.hostFunction("text") { (_: Int64) in "not a number" }
            builder.hostFunction("two") { (a: Int64, b: Int64) in a &+ b }
        }
        for call in [
            { let _: Int64 = try sandbox.call("call_host_wrong") },
            { let _: Int64 = try sandbox.call("call_host", "text", Int64(1)) },
            { let _: Int64 = try sandbox.call("call_host", "two", Int64(1)) },
        ] {
            let error = expectFailure(.hostFunctionFailed, call)
            #expect((error?.underlying as? SandboxError)?.code == .wrongParameters)
        }
        expectWorks(sandbox)
    }

    @Test("A failure that the guest survives does not colour its later errors", arguments: Places.each)
    func laterErrors(_ place: Place) throws {
        let sandbox = try place.sandbox()
        expectFailure(.hostFunctionFailed) { let _: Int64 = try sandbox.call("call_host", "gone", Int64(1)) }
        expectFailure(.unknownFunction) { try sandbox.call("no_such_function") }
    }

    @Test("A host function may call another sandbox", arguments: Places.all)
    func nested(_ place: Place) throws {
        let inner = try place.sandbox()
        let outer = try place.sandbox { builder in
            builder.hostFunction("multiply") { (a: Int64, b: Int64) throws -> Int64 in
                try inner.call("add", a, b)
            }
        }
        let sum: Int64 = try outer.call("call_host_multiply", Int64(40), Int64(2))
        #expect(sum == 42)
    }

    @Test("Two host functions of one name, and impossible ones, are refused by build", arguments: Places.each)
    func invalidRegistrations(_ place: Place) throws {
        var twice = try place.builder()
        twice.hostFunction("f") { (a: Int64) in a }
        twice.hostFunction("f") { (a: Int32) in a }
        expectFailure(.invalidConfiguration) { _ = try twice.build() }
        for name in ["", String(repeating: "n", count: 257)] {
            var builder = try place.builder()
            builder.hostFunction(name) { (a: Int64) in a }
            expectFailure(.invalidConfiguration) { _ = try builder.build() }
        }
    }

    @Test("A guest cannot call the host while it starts", arguments: Places.each)
    func duringStart(_ place: Place) throws {
        let image = try place.guest.image
        var bytes = image.elf.bytes
        let segment = try #require(image.elf.segments.first { $0.addresses.contains(image.elf.entry) })
        let entry = segment.fileRange.lowerBound + Int(image.elf.entry - segment.address)
        bytes.replaceSubrange(entry..<(entry + Self.callsAtStart.count), with: Self.callsAtStart)
        let wasCalled = Box<Bool>()
        var builder = try place.builder()
        builder.guest = .bytes(bytes)
        builder.hostFunction("boot") { () -> Int64 in
            wasCalled.value = true
            return 1
        }
        let error = expectFailure(.protocolViolation) { _ = try builder.build() }
        #expect(error?.message.contains("while it started") == true)
        #expect(wasCalled.value == nil)
    }

    /// Code that leaves a call of `boot` in the output buffer and rings for it, then says that it is ready.
    private static let callsAtStart: [UInt8] = [
        0x48, 0x8B, 0x47, 0x30,  // mov 48(%rdi), %rax: the output buffer's address
        0x48, 0xC7, 0x40, 0x08, 64, 0, 0, 0,  // movq $64, 8(%rax): the message's offset
        0x48, 0xC7, 0x40, 0x10, 24, 0, 0, 0,  // movq $24, 16(%rax): its byte count
        0xC7, 0x40, 64, 24, 0, 0, 0,  // movl $24, 64(%rax)
        0xC7, 0x40, 68, 1, 0, 0, 0,  // movl $1, 68(%rax): a call without parameters
        0xC7, 0x40, 72, 4, 0, 0, 0,  // movl $4, 72(%rax): bytes of the name
        0xC7, 0x40, 76, 3, 0, 0, 0,  // movl $3, 76(%rax): for an int64
        0xC7, 0x40, 80, 0x62, 0x6F, 0x6F, 0x74,  // movl $"boot", 80(%rax)
        0xE6, 0xE2, 0xEB, 0x00,  // out %al, $0xE2
        0xE6, 0xE0, 0xEB, 0xFC,  // 1: out %al, $0xE0; jmp 1b
    ]

    @Test("A long error text is cut", arguments: Places.each)
    func longErrorText(_ place: Place) throws {
        struct Long: Error, CustomStringConvertible {
            let description = String(repeating: "ü", count: 100_000)
        }
        let sandbox = try place.sandbox { builder in
            builder.hostFunction("fail") { (_: Int64) throws -> Int64 in throw Long() }
        }
        let error = expectFailure(.hostFunctionFailed) {
            let _: Int64 = try sandbox.call("call_host", "fail", Int64(1))
        }
        #expect(error.map { $0.description.utf8.count < 6_000 } == true)
        expectWorks(sandbox)
    }
}
