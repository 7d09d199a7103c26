// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing
import Vitrine

@Suite("Large buffers")
struct LargeBufferTests {
    private func large(_ place: Place) throws -> Sandbox {
        try place.sandbox { builder in
            builder.memory.input = 18 << 20
            builder.memory.output = 18 << 20
            builder.memory.heap = 64 << 20
        }
    }

    @Test("1 MiB and 8 MiB of bytes go in and out", arguments: Places.all, [1 << 20, 8 << 20])
    func bytes(_ place: Place, _ byteCount: Int) throws {
        let sandbox = try large(place)
        let bytes = (0..<byteCount).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
        let echo: [UInt8] = try sandbox.call("echo_bytes", bytes)
        #expect(echo == bytes)
    }

    @Test("1 MiB and 8 MiB of text go in and out", arguments: Places.all, [1 << 20, 8 << 20])
    func strings(_ place: Place, _ byteCount: Int) throws {
        let sandbox = try large(place)
        let text = String(repeating: "ünï", count: byteCount / 5)
        let echo: String = try sandbox.call("echo_string", text)
        #expect(echo == text)
    }

    @Test("Result bytes can be borrowed without a copy", arguments: Places.all)
    func borrowing(_ place: Place) throws {
        let sandbox = try large(place)
        let (count, sum) = try sandbox.callBorrowingBytes("fill_bytes", Int64(1 << 20), Int32(7)) { bytes in
            var sum = 0
            for offset in stride(from: 0, to: bytes.byteCount, by: 4_096) {
                // SAFETY: any bits are a byte, and the standard library checks the bounds.
                sum += Int(unsafe bytes.unsafeLoad(fromByteOffset: offset, as: UInt8.self))
            }
            return (bytes.byteCount, sum)
        }
        #expect(count == 1 << 20)
        #expect(sum == 256 * 7)
        expectWorks(sandbox)
    }

    @Test("What does not fit the input buffer is refused before the guest runs", arguments: Places.each)
    func tooLargeIn(_ place: Place) throws {
        let sandbox = try place.sandbox()
        let error = expectFailure(.messageTooLarge) {
            let _: [UInt8] = try sandbox.call("echo_bytes", [UInt8](repeating: 1, count: 1 << 20))
        }
        #expect(error?.advice.contains("memory.input") == true)
        #expect(sandbox.status == .ready)
        expectWorks(sandbox)
    }

    @Test("What does not fit the output buffer is the guest's error, and it goes on", arguments: Places.all)
    func tooLargeOut(_ place: Place) throws {
        let sandbox = try place.sandbox { $0.memory.heap = 16 << 20 }
        let error = expectFailure(.messageTooLarge) {
            let _: [UInt8] = try sandbox.call("fill_bytes", Int64(4 << 20), Int32(1))
        }
        #expect(error?.advice.contains("memory.output") == true)
        expectWorks(sandbox)
    }

    @Test(
        "What a host function returns and the input buffer cannot hold is named, and what to do", arguments: Places.all)
    func tooLargeFromHost(_ place: Place) throws {
        let sandbox = try place.sandbox { builder in
            builder.memory.input = 8_192
            builder.hostFunction("text") { (byteCount: Int64) in String(repeating: "x", count: Int(byteCount)) }
        }
        let text: String = try sandbox.call("call_host_string", "text", Int64(7_000))
        #expect(text.utf8.count == 7_000)
        let error = expectFailure(.hostFunctionFailed) {
            let _: String = try sandbox.call("call_host_string", "text", Int64(9_000))
        }
        #expect(error?.message.contains("“text”") == true)
        let below = error?.underlying as? SandboxError
        #expect(below?.code == .messageTooLarge)
        #expect(below?.message.contains("“text”") == true)
        #expect(below?.advice.contains("memory.input") == true)
        #expect(sandbox.status == .ready)
        expectWorks(sandbox)
    }
}
