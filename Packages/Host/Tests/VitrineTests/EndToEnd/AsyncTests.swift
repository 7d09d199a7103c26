// SPDX-License-Identifier: MIT OR Apache-2.0

import Dispatch
import Glibc
import Synchronization
import Testing

@testable import Vitrine

@Suite("Asynchronous calls")
struct AsyncTests {
    @Test("An asynchronous call gives the result, and errors", arguments: Places.all)
    func results(_ place: Place) async throws {
        let sandbox = try place.multiplyingSandbox()
        let text: String = try await sandbox.callAsync("concat", "a", "b")
        #expect(text == "ab")
        try await sandbox.callAsync("echo_void")
        let product: Int64 = try await sandbox.callAsync("call_host_multiply", Int64(6), Int64(7))
        #expect(product == 42)
        await #expect(throws: SandboxError.self) { try await sandbox.callAsync("guest_error", Int32(1_000), "x") }
        await #expect(throws: SandboxError.self) { try await sandbox.callAsync("no_such_function") }
        expectWorks(sandbox)
    }

    @Test("Calls from many tasks are served one at a time, each with its own result", arguments: Places.all)
    func serialized(_ place: Place) async throws {
        let sandbox = try place.sandbox()
        let sums = try await withThrowingTaskGroup(of: (Int64, Int64).self) { group in
            for number in 0..<Int64(100) {
                group.addTask { (number, try await sandbox.callAsync("add", number, Int64(1))) }
            }
            return try await group.reduce(into: [(Int64, Int64)]()) { $0.append($1) }
        }
        #expect(sums.count == 100)
        #expect(sums.allSatisfy { $0.1 == $0.0 + 1 })
        let count: Int64 = try sandbox.call("count")
        #expect(count == 1)
    }

    @Test("64 spinning guests leave the cooperative pool free")
    func poolStaysFree() async {
        // In a process of its own: the other tests block threads of the pool.
        await #expect(processExitsWith: .success) {
            // With the pool blocked nothing below would ever go on.
            AsyncTests.endProcessInFiveMinutes()
            for place in Places.each {
                let sandboxes = try (0..<64).map { _ in try place.sandbox() }
                try await withThrowingTaskGroup(of: Bool.self) { group in
                    for sandbox in sandboxes {
                        group.addTask {
                            do throws(SandboxError) {
                                try await sandbox.callAsync("spin")
                                return false
                            } catch {
                                return error.code == .cancelled
                            }
                        }
                    }
                    let pool = WorkerPool.shared
                    while pool.queuedJobCount < 64 - pool.maximumThreadCount {
                        try await Task.sleep(for: .milliseconds(1))
                    }
                    // The guests spin until the tasks have changed places often enough.
                    for _ in 0..<10 { await Task.detached { await Task.yield() }.value }
                    group.cancelAll()
                    #expect(try await group.reduce(true) { $0 && $1 })
                }
            }
        }
    }

    @Test("Cancelling the task stops a running guest", arguments: Places.all)
    func cancelWhileRunning(_ place: Place) async throws {
        let started = DispatchSemaphore(value: 0)
        let sandbox = try place.sandbox { builder in
            builder.hostFunction("multiply") { (a: Int64, _: Int64) in
                started.signal()
                return a
            }
        }
        let task = Task { () -> Int64 in try await sandbox.callAsync("call_host_many", Int64.max) }
        TestThread.start {
            started.wait()
            task.cancel()
        }
        let error = await #expect(throws: SandboxError.self) { try await task.value }
        #expect(error?.code == .cancelled)
        #expect(sandbox.status == .poisoned)
    }

    @Test("Cancelling a queued call takes it out and leaves the running one alone", arguments: Places.each)
    func cancelWhileQueued(_ place: Place) async throws {
        let isInside = Box<Bool>()
        let release = Box<Bool>()
        let sandbox = try place.sandbox { builder in
            builder.hostFunction("wait") { (number: Int64) -> Int64 in
                isInside.value = true
                while release.value == nil { usleepMilliseconds(1) }
                return number
            }
        }
        let running = Task { () -> Int64 in try await sandbox.callAsync("call_host", "wait", Int64(5)) }
        try await TestThread.wait(for: "the first is in") { isInside.value != nil }
        let queued = Task { () -> Int64 in try await sandbox.callAsync("add", Int64(1), Int64(2)) }
        let last = Task { () -> Int64 in try await sandbox.callAsync("add", Int64(3), Int64(4)) }
        try await TestThread.wait(for: "the others queue") { sandbox.gate.waiterCount == 2 }
        queued.cancel()
        let error = await #expect(throws: SandboxError.self) { try await queued.value }
        #expect(error?.code == .cancelled)
        #expect(sandbox.status == .ready)
        release.value = true
        #expect(try await running.value == 5)
        #expect(try await last.value == 7)
    }

    @Test("A task cancelled beforehand never runs the guest", arguments: Places.each)
    func cancelBefore(_ place: Place) async throws {
        let sandbox = try place.sandbox()
        let task = Task { () -> Int64 in
            while !Task.isCancelled { await Task.yield() }
            return try await sandbox.callAsync("count")
        }
        task.cancel()
        let error = await #expect(throws: SandboxError.self) { try await task.value }
        #expect(error?.code == .cancelled)
        #expect(sandbox.status == .ready)
        let count: Int64 = try sandbox.call("count")
        #expect(count == 1)
    }

    @Test("Synchronous and asynchronous calls share one queue", arguments: Places.each)
    func mixed(_ place: Place) async throws {
        let sandbox = try place.sandbox()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<Int64(50) {
                group.addTask {
                    let sum: Int64 = try await sandbox.callAsync("add", number, number)
                    #expect(sum == 2 * number)
                }
                group.addTask {
                    let sum: Int64 = try sandbox.call("add", number, Int64(1))
                    #expect(sum == number + 1)
                }
            }
            try await group.waitForAll()
        }
    }

    @Test("A sandbox dies with its last reference, though queued calls were cancelled", arguments: Places.each)
    func cancelledCallsKeepNothing(_ place: Place) async throws {
        weak var gone: Sandbox?
        do {
            let turn = Box<Int64>()
            let isInside = Box<Bool>()
            let sandbox = try place.sandbox { builder in
                builder.hostFunction("wait") { (number: Int64) -> Int64 in
                    isInside.value = true
                    while turn.value ?? -1 < number { usleepMilliseconds(1) }
                    return number
                }
            }
            gone = sandbox
            var calls: [Task<Int64, any Error>] = []
            for number in 0..<Int64(3) {
                calls.append(Task { try await sandbox.callAsync("call_host", "wait", number) })
                // So that they queue in this order.
                try await TestThread.wait(for: "the call is in or in line") {
                    isInside.value != nil && sandbox.gate.waiterCount == number
                }
            }
            // The second one is in by the time the third one is cancelled.
            turn.value = 0
            #expect(try await calls[0].value == 0)
            calls[2].cancel()
            let error = await #expect(throws: SandboxError.self) { try await calls[2].value }
            #expect(error?.code == .cancelled)
            turn.value = 1
            #expect(try await calls[1].value == 1)
        }
        // The thread that ran the last call may hold on to it for a moment.
        for _ in 0..<300_000 where gone != nil { try await Task.sleep(for: .milliseconds(2)) }
        #expect(gone == nil)
    }

    /// For a process whose fault would be that it hangs.
    private static func endProcessInFiveMinutes() {
        TestThread.start {
            sleep(300)
            exit(EXIT_FAILURE)
        }
    }

    @Test("Host functions on all threads of the pool may wait for a call that is in line")
    func poolDoesNotStarve() async {
        // In a process of its own, whose pool is this test's.
        await #expect(processExitsWith: .success) {
            AsyncTests.endProcessInFiveMinutes()
            for place in Places.each {
                let shared = try place.sandbox()
                let inside = Atomic(0)
                let mayCall = Atomic(false)
                let count = WorkerPool.shared.maximumThreadCount
                let sandboxes = try (0..<count).map { _ in
                    try place.sandbox { builder in
                        builder.hostFunction("multiply") { (a: Int64, b: Int64) throws -> Int64 in
                            inside.add(1, ordering: .relaxed)
                            while !mayCall.load(ordering: .relaxed) { usleepMilliseconds(1) }
                            return try shared.call("add", a, b)
                        }
                    }
                }
                let sum = try await withThrowingTaskGroup(of: Int64.self) { group in
                    for sandbox in sandboxes {
                        group.addTask { try await sandbox.callAsync("call_host_multiply", Int64(1), Int64(2)) }
                    }
                    while inside.load(ordering: .relaxed) < count { try await Task.sleep(for: .milliseconds(1)) }
                    // Takes the gate of the shared sandbox, and finds no thread.
                    group.addTask { try await shared.callAsync("add", Int64(3), Int64(4)) }
                    while WorkerPool.shared.queuedJobCount == 0 { try await Task.sleep(for: .milliseconds(1)) }
                    mayCall.store(true, ordering: .relaxed)
                    return try await group.reduce(0, +)
                }
                #expect(sum == Int64(3 * count + 7))
            }
        }
    }
}
