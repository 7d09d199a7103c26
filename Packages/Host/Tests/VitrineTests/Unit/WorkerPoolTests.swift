// SPDX-License-Identifier: MIT OR Apache-2.0

import Dispatch
import Glibc
import Synchronization
import Testing

@testable import Vitrine

@Suite("WorkerPool")
struct WorkerPoolTests {
    @Test("No more threads run than the limit, and every job runs")
    func limit() async throws {
        let pool = WorkerPool(maximumThreadCount: 3)
        let state = Mutex((running: 0, most: 0, done: 0))
        for _ in 0..<50 {
            pool.submit(
                WorkerPool.Job {
                    state.withLock { state in
                        state.running += 1
                        state.most = max(state.most, state.running)
                    }
                    usleepMilliseconds(1)
                    state.withLock { state in
                        state.running -= 1
                        state.done += 1
                    }
                } fail: { _ in
                    Issue.record("no thread")
                })
        }
        while state.withLock({ $0.done }) < 50 { try await Task.sleep(for: .milliseconds(2)) }
        #expect(state.withLock { $0.most } <= 3)
        #expect(pool.threadCount <= 3)
    }

    @Test("Threads without work end")
    func idle() async throws {
        let pool = WorkerPool(maximumThreadCount: 4)
        let done = Mutex(0)
        for _ in 0..<8 {
            pool.submit(
                WorkerPool.Job {
                    done.withLock { $0 += 1 }
                } fail: { _ in
                })
        }
        for _ in 0..<30_000 where pool.threadCount > 0 || done.withLock({ $0 }) < 8 {
            try await Task.sleep(for: .milliseconds(20))
        }
        #expect(done.withLock { $0 } == 8)
        #expect(pool.threadCount == 0)
    }

    /// Waits until something is so; ten minutes at most, then it is an issue.
    private func expectSoon(_ what: Comment, _ isSo: () -> Bool) async throws {
        for _ in 0..<300_000 where !isSo() { try await Task.sleep(for: .milliseconds(2)) }
        #expect(isSo(), what)
    }

    /// Two calls on the pool that will wait for a gate, held by a third one that is in line.
    private func waitForQueued(_ pool: WorkerPool, _ record: @escaping @Sendable (String) -> Void) async throws {
        let gate = CallGate()
        let mayWait = Atomic(false)
        let inside = Atomic(0)
        let through = Atomic(0)
        let count = pool.maximumThreadCount
        for _ in 0..<count {
            pool.submit(
                WorkerPool.Job {
                    inside.add(1, ordering: .relaxed)
                    while !mayWait.load(ordering: .relaxed) { usleepMilliseconds(1) }
                    pool.whileBlocked { gate.enter() }
                    gate.leave {}
                    through.add(1, ordering: .relaxed)
                } fail: { _ in
                    Issue.record("no thread")
                })
        }
        try await expectSoon("every thread is taken") { inside.load(ordering: .relaxed) == count }
        #expect(gate.tryEnter())
        pool.submit(
            WorkerPool.Job {
                record("run")
                gate.leave {}
            } fail: { _ in
                record("fail")
                gate.leave {}
            })
        #expect(pool.queuedJobCount == 1)
        mayWait.store(true, ordering: .relaxed)
        try await expectSoon("nobody waits for ever") { through.load(ordering: .relaxed) == count }
        #expect(pool.queuedJobCount == 0)
    }

    @Test("A job in line gets a thread when all others wait for what it holds")
    func compensation() async throws {
        let ends = Mutex<[String]>([])
        try await waitForQueued(WorkerPool(maximumThreadCount: 2)) { end in ends.withLock { $0.append(end) } }
        #expect(ends.withLock { $0 } == ["run"])
    }

    @Test("Without a thread to be had it fails, and they go on")
    func noCompensation() async throws {
        let ends = Mutex<[String]>([])
        let threadCount = Atomic(0)
        let pool = WorkerPool(maximumThreadCount: 2) { body in
            threadCount.add(1, ordering: .relaxed).newValue <= 2 ? WorkerThread.start(body) : EAGAIN
        }
        try await waitForQueued(pool) { end in ends.withLock { $0.append(end) } }
        #expect(ends.withLock { $0 } == ["fail"])
    }

    @Test("Jobs fail together when their threads cannot be made, and none is left in line")
    func noThreads() {
        let slot = Box<WorkerPool>()
        let log = Mutex<[String]>([])
        func job(_ name: String) -> WorkerPool.Job {
            WorkerPool.Job {
                log.withLock { $0.append("\(name) ran") }
            } fail: { errno in
                log.withLock { $0.append("\(name) failed: \(errno)") }
            }
        }
        let isFirst = Atomic(true)
        let second = job("second")
        let pool = WorkerPool(maximumThreadCount: 4) { _ in
            // The second one comes, and fails, while the first one's thread is being made.
            if isFirst.exchange(false, ordering: .relaxed) { slot.value?.submit(second) }
            return EAGAIN
        }
        slot.value = pool
        defer { slot.value = nil }
        pool.submit(job("first"))
        #expect(log.withLock { $0 } == ["first failed: 11", "second failed: 11"])
        #expect(pool.queuedJobCount == 0)
        #expect(pool.threadCount == 0)
    }

    @Test("A job that fails may bring another that fails, without end and without depth")
    func failuresInARow() {
        let pool = WorkerPool(maximumThreadCount: 1) { _ in EAGAIN }
        let state = Mutex((depth: 0, deepest: 0, count: 0))
        @Sendable func submit() {
            pool.submit(
                WorkerPool.Job {
                } fail: { _ in
                    let count = state.withLock { state in
                        state.depth += 1
                        state.deepest = max(state.deepest, state.depth)
                        state.count += 1
                        return state.count
                    }
                    if count < 1_000 { submit() }
                    state.withLock { $0.depth -= 1 }
                })
        }
        submit()
        #expect(state.withLock { $0.count } == 1_000)
        #expect(state.withLock { $0.deepest } == 1)
    }
}
