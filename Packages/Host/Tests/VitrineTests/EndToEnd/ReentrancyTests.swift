// SPDX-License-Identifier: MIT OR Apache-2.0

import Synchronization
import Testing
import Vitrine
import VitrineHypervisor

@Suite("Re-entrancy")
struct ReentrancyTests {
    private func expectRefused(_ place: Place, _ body: @escaping @Sendable (Sandbox) throws -> Void) throws {
        let slot = Box<Sandbox>()
        let sandbox = try place.sandbox { builder in
            builder.hostFunction("again") { (number: Int64) throws -> Int64 in
                if let sandbox = slot.value { try body(sandbox) }
                return number
            }
        }
        slot.value = sandbox
        defer { slot.value = nil }
        let error = expectFailure(.hostFunctionFailed) {
            let _: Int64 = try sandbox.call("call_host", "again", Int64(1))
        }
        #expect((error?.underlying as? SandboxError)?.code == .reentrantCall)
        #expect(sandbox.status == .ready)
        expectWorks(sandbox)
    }

    @Test("A host function cannot call the sandbox it serves", arguments: Places.all)
    func synchronous(_ place: Place) throws {
        try expectRefused(place) { sandbox in let _: Int64 = try sandbox.call("add", Int64(1), Int64(2)) }
    }

    @Test("Nor through another sandbox's host function", arguments: Places.each)
    func throughAnother(_ place: Place) throws {
        let slot = Box<Sandbox>()
        let inner = try place.sandbox { builder in
            builder.hostFunction("back") { (number: Int64) throws -> Int64 in
                guard let sandbox = slot.value else { return 0 }
                return try sandbox.call("add", number, Int64(1))
            }
        }
        let outer = try place.sandbox { builder in
            builder.hostFunction("over") { (number: Int64) throws -> Int64 in
                try inner.call("call_host", "back", number)
            }
        }
        slot.value = outer
        defer { slot.value = nil }
        let error = expectFailure(.hostFunctionFailed) { let _: Int64 = try outer.call("call_host", "over", Int64(1)) }
        let below = error?.underlying as? SandboxError
        #expect(below?.code == .hostFunctionFailed)
        #expect((below?.underlying as? SandboxError)?.code == .reentrantCall)
    }

    @Test("Nine sandboxes inside each other are too many, and the ninth is none the worse", arguments: Places.each)
    func tooDeep(_ place: Place) throws {
        var sandboxes = [try place.sandbox()]
        for _ in 0..<8 {
            let inner = sandboxes[sandboxes.count - 1]
            sandboxes.append(
                try place.sandbox { builder in
                    builder.hostFunction("multiply") { (a: Int64, b: Int64) throws -> Int64 in
                        try inner.call("call_host_multiply", a, b)
                    }
                })
        }
        var error = expectFailure(.hostFunctionFailed) {
            let _: Int64 = try sandboxes[8].call("call_host_multiply", Int64(1), Int64(2))
        }
        while let below = error?.underlying as? SandboxError { error = below }
        #expect(error?.code == .system)
        #expect(error?.underlying as? HypervisorError == .runsNestedTooDeep)
        for sandbox in sandboxes {
            #expect(sandbox.status == .ready)
            expectWorks(sandbox)
        }
    }

    @Test("Nor from the print handler", arguments: Places.each)
    func printHandler(_ place: Place) throws {
        let slot = Box<Sandbox>()
        let code = Mutex<SandboxError.Code?>(nil)
        let sandbox = try place.sandbox { builder in
            builder.onPrint = { _ in
                do throws(SandboxError) {
                    let _: Int64? = try slot.value?.call("add", Int64(1), Int64(2))
                } catch {
                    code.withLock { $0 = error.code }
                }
            }
        }
        slot.value = sandbox
        defer { slot.value = nil }
        try sandbox.call("print", "x")
        #expect(code.withLock { $0 } == .reentrantCall)
    }

    @Test("A task that a host function leaves behind may call later", arguments: Places.each)
    func taskLeftBehind(_ place: Place) async throws {
        let slot = Box<Sandbox>()
        let task = Mutex<Task<Int64, any Error>?>(nil)
        let sandbox = try place.sandbox { builder in
            builder.hostFunction("leave") { (number: Int64) -> Int64 in
                task.withLock {
                    $0 = Task {
                        while slot.value == nil { try await Task.sleep(for: .milliseconds(1)) }
                        return try await slot.value?.callAsync("add", Int64(40), Int64(2)) ?? 0
                    }
                }
                return number
            }
        }
        let _: Int64 = try sandbox.call("call_host", "leave", Int64(1))
        slot.value = sandbox
        let sum = try await task.withLock { $0 }?.value
        #expect(sum == 42)
        slot.value = nil
    }
}
