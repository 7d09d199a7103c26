// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
import Synchronization
import Testing
import VitrineKVM

@testable import Vitrine

/// Each in a process of its own, where nobody else opens files or takes memory.
@Suite("Stress")
struct StressTests {
    @Test("1,000 sandboxes created, called and dropped leave nothing behind")
    func thousand() async {
        await #expect(processExitsWith: .success) {
            for place in Places.each {
                try await Resources.expectReturn(of: 20, then: 1_000) { _ in
                    let sandbox = try place.sandbox()
                    let sum: Int64 = try sandbox.call("add", Int64(20), Int64(22))
                    #expect(sum == 42)
                }
            }
        }
    }

    @Test("64 alive on 8 threads, half of them cancelled at random: the other half is undisturbed")
    func concurrent() async {
        await #expect(processExitsWith: .success) {
            for place in Places.each {
                try await Resources.expectReturn(of: 1, then: place.isFast ? 4 : 2) { round in
                    try StressTests.cancelHalf(place, sandboxCount: 64, seed: UInt64(round))
                }
            }
        }
    }

    @Test("200 sandboxes whose queued asynchronous calls are cancelled at random leave nothing behind")
    func queued() async {
        await #expect(processExitsWith: .success) {
            for place in Places.each {
                var generator = SplitMix(state: 0xCA11)
                try await Resources.expectReturn(of: 10, then: 200) { _ in
                    weak let gone = try await StressTests.cancelQueued(place, &generator)
                    // The thread of the last call may hold on to it for a moment.
                    for _ in 0..<300_000 where gone != nil { try await Task.sleep(for: .milliseconds(2)) }
                    #expect(gone == nil)
                }
            }
        }
    }

    /// Four calls queue, and are served one after the other; the last one and maybe others are cancelled meanwhile.
    private static func cancelQueued(_ place: Place, _ generator: inout SplitMix) async throws -> Sandbox {
        let sandbox = try place.sandbox { builder in
            builder.hostFunction("pause") { (number: Int64) -> Int64 in
                usleep(200)
                return number
            }
        }
        let tasks = (0..<Int64(4)).map { number in
            Task { () -> Int64 in try await sandbox.callAsync("call_host", "pause", number) }
        }
        let victims = [1, 2, 3].filter { $0 == 3 || Bool.random(using: &generator) }
        for victim in victims {
            try await Task.sleep(for: .microseconds(Int.random(in: 0..<500, using: &generator)))
            tasks[victim].cancel()
        }
        // A call that is cancelled while the guest runs ends the sandbox, for the calls behind it too.
        for (index, task) in tasks.enumerated() {
            do {
                #expect(try await task.value == Int64(index))
            } catch let error as SandboxError {
                #expect(error.code == .poisoned || (error.code == .cancelled && victims.contains(index)))
                #expect(error.code == .cancelled || sandbox.status == .poisoned)
            }
        }
        return sandbox
    }

    /// Eight threads share the sandboxes. The odd ones spin until another thread cancels them, at a random moment.
    private static func cancelHalf(_ place: Place, sandboxCount: Int, seed: UInt64) throws {
        let sandboxes = try (0..<sandboxCount).map { _ in try place.sandbox() }
        let threadCount = 8
        let running = Mutex(threadCount + 1)
        for thread in 0..<threadCount {
            TestThread.start {
                for index in stride(from: thread, to: sandboxCount, by: threadCount) {
                    let sandbox = sandboxes[index]
                    // One that is cancelled before its guest has begun to run can go on, and does.
                    repeat {
                        do throws(SandboxError) {
                            for number in 0..<Int64(20) {
                                let sum: Int64 = try sandbox.call("add", number, Int64(1))
                                #expect(sum == number + 1)
                            }
                            if isVictim(index) { try sandbox.call("spin") }
                        } catch {
                            #expect(isVictim(index) && error.code == .cancelled, "\(error)")
                        }
                    } while isVictim(index) && sandbox.status == .ready
                    #expect((sandbox.status == .poisoned) == isVictim(index))
                }
                running.withLock { $0 -= 1 }
            }
        }
        TestThread.start {
            var generator = SplitMix(state: seed)
            while running.withLock({ $0 }) > 1 {
                for index in sandboxes.indices where isVictim(index) {
                    if Bool.random(using: &generator) { _ = sandboxes[index].cancel() }
                }
                usleep(200)
            }
            running.withLock { $0 -= 1 }
        }
        while running.withLock({ $0 }) > 0 { usleep(1_000) }
    }

    private static func isVictim(_ index: Int) -> Bool { index / 8 % 2 == 1 }
}

/// What a process holds.
private struct Resources {
    let descriptors: Int
    let residentByteCount: Int

    static var current: Resources {
        KVMHypervisor.drainTeardown()
        return Resources(descriptors: descriptorCount, residentByteCount: residentByteCount)
    }

    /// Runs `body` a few times to warm up, then many times, and compares.
    static func expectReturn(of warmUp: Int, then count: Int, _ body: (Int) async throws -> Void) async throws {
        for round in 0..<warmUp { try await body(round) }
        let before = current
        for round in 0..<count { try await body(round) }
        let after = current
        #expect(after.descriptors <= before.descriptors)
        let growth = after.residentByteCount - before.residentByteCount
        #expect(growth < 16 << 20, "grew by \(growth >> 10) KiB")
    }

    private static var descriptorCount: Int {
        // SAFETY: the stream is closed below, and read by this thread alone.
        guard let directory = unsafe opendir("/proc/self/fd") else { return 0 }
        defer { unsafe closedir(directory) }
        var count = 0
        while unsafe readdir(directory) != nil { count += 1 }
        return count
    }

    private static var residentByteCount: Int {
        guard let bytes = try? ProcFile.read("/proc/self/statm") else { return 0 }
        let fields = String(decoding: bytes, as: UTF8.self).split(separator: " ")
        return (fields.count > 1 ? Int(fields[1]) ?? 0 : 0) * 4_096
    }
}

/// A file of the kernel, whose size nobody knows beforehand.
private enum ProcFile {
    static func read(_ path: String) throws -> [UInt8] {
        // SAFETY: the path is lent as a C string for the length of the call.
        let descriptor = unsafe open(path, O_RDONLY)
        defer { close(descriptor) }
        // SAFETY: at most the capacity is written, and `count` is what was.
        return unsafe [UInt8](unsafeUninitializedCapacity: 4_096) { buffer, count in
            count = max(0, unsafe Glibc.read(descriptor, buffer.baseAddress, 4_096))
        }
    }
}
