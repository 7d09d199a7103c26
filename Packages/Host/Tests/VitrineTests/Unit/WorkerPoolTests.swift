// SPDX-License-Identifier: MIT OR Apache-2.0

import Dispatch
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
        for _ in 0..<600 where pool.threadCount > 0 || done.withLock({ $0 }) < 8 {
            try await Task.sleep(for: .milliseconds(20))
        }
        #expect(done.withLock { $0 } == 8)
        #expect(pool.threadCount == 0)
    }
}
