// SPDX-License-Identifier: MIT OR Apache-2.0

import Dispatch
import Glibc
import Synchronization

/// The threads that run asynchronous calls, so that Swift's cooperative pool never waits for a guest.
///
/// Threads are created when work finds no idle one, up to a limit; more work than that waits in line. A thread without
/// work for `idleSeconds` ends. Only calls that hold their sandbox's gate come here, so no thread waits for another.
final class WorkerPool: Sendable {
    /// The one of the process.
    static let shared = WorkerPool(maximumThreadCount: max(16, 4 * activeProcessorCount))

    /// How long a thread waits for more work before it ends.
    static let idleSeconds = 2

    /// One piece of work.
    struct Job: Sendable {
        let run: @Sendable () -> Void
        /// Called instead of `run` if not even one thread could be made.
        let fail: @Sendable (_ errno: Int32) -> Void
    }

    /// A thread and the job it was given, if it sleeps.
    final class Worker: Sendable {
        let wakeUp = DispatchSemaphore(value: 0)
        let job = Mutex<Job?>(nil)
    }

    private struct State {
        var threadCount = 0
        var idle: [Worker] = []
        var queue: [Job] = []
        var firstJob = 0

        mutating func popJob() -> Job? {
            guard firstJob < queue.count else { return nil }
            let job = queue[firstJob]
            firstJob += 1
            if firstJob == queue.count || firstJob >= 64 {
                queue.removeFirst(firstJob)
                firstJob = 0
            }
            return job
        }
    }

    private enum Placement {
        case given
        case newThread(Worker)
    }

    let maximumThreadCount: Int
    private let state = Mutex(State())

    init(maximumThreadCount: Int) {
        self.maximumThreadCount = maximumThreadCount
    }

    /// Threads alive now.
    var threadCount: Int { state.withLock { $0.threadCount } }

    /// Runs a job on some thread of the pool, soon.
    func submit(_ job: Job) {
        let placement = state.withLock { state -> Placement in
            if let worker = state.idle.popLast() {
                worker.job.withLock { $0 = job }
                worker.wakeUp.signal()
                return .given
            }
            guard state.threadCount < maximumThreadCount else {
                state.queue.append(job)
                return .given
            }
            state.threadCount += 1
            let worker = Worker()
            worker.job.withLock { $0 = job }
            return .newThread(worker)
        }
        guard case .newThread(let worker) = placement else { return }
        let error = WorkerThread.start { [self] in work(as: worker) }
        if error != 0 { place(job, afterFailure: error) }
    }

    /// What becomes of a job for which no thread could be made: another thread does it, if there is one.
    private func place(_ job: Job, afterFailure error: Int32) {
        let isPlaced = state.withLock { state in
            state.threadCount -= 1
            guard state.threadCount > 0 else { return false }
            if let worker = state.idle.popLast() {
                worker.job.withLock { $0 = job }
                worker.wakeUp.signal()
            } else {
                state.queue.append(job)
            }
            return true
        }
        if !isPlaced { job.fail(error) }
    }

    /// The life of one thread.
    private func work(as worker: Worker) {
        while true {
            if let job = worker.job.withLock({ $0.take() }) { job.run() }
            let next = state.withLock { state -> Job? in
                if let job = state.popJob() { return job }
                state.idle.append(worker)
                return nil
            }
            if let next {
                worker.job.withLock { $0 = next }
                continue
            }
            guard worker.wakeUp.wait(timeout: .now() + .seconds(Self.idleSeconds)) == .timedOut else { continue }
            let isDone = state.withLock { state in
                guard let index = state.idle.firstIndex(where: { $0 === worker }) else { return false }
                state.idle.remove(at: index)
                state.threadCount -= 1
                return true
            }
            if isDone { return }
            // A job came just as the wait ended: its signal is there already.
            worker.wakeUp.wait()
        }
    }

    private static var activeProcessorCount: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }
}
