// SPDX-License-Identifier: MIT OR Apache-2.0

import Dispatch
import Glibc
import Synchronization

/// The threads that run asynchronous calls, so that Swift's cooperative pool never waits for a guest.
///
/// Threads are created when work finds no idle one, up to a limit; more work than that waits in line. A thread without
/// work for `idleSeconds` ends.
///
/// A job holds its sandbox's gate while it waits in line, and a host function may wait for that gate, on a thread of the
/// pool: were all of them to wait so, none would be left for the job. So each thread that waits at a gate, whoever's it
/// is, raises the limit by one meanwhile (`whileBlocked`).
final class WorkerPool: Sendable {
    /// The one of the process.
    static let shared = WorkerPool(maximumThreadCount: max(16, 4 * activeProcessorCount))

    /// How long a thread waits for more work before it ends.
    static let idleSeconds = 2

    /// One piece of work.
    struct Job: Sendable {
        let run: @Sendable () -> Void
        /// Called instead of `run` if no thread can be made and none is left that will get to it.
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
        var queue = WaitingLine<Job>()
        /// Threads that wait at some sandbox's gate.
        var blockedCount = 0
        /// Jobs that are to fail, and whether a thread is at it.
        var doomed = WaitingLine<Job>()
        var isFailing = false
    }

    private enum Placement {
        case given
        case newThread(Worker)
    }

    private enum Next {
        case job(Job)
        case sleep
        case end
    }

    let maximumThreadCount: Int
    private let state = Mutex(State())
    private let startThread: @Sendable (_ body: @escaping @Sendable () -> Void) -> Int32

    /// - Parameter startThread: makes a thread, for 0 or an `errno`.
    init(
        maximumThreadCount: Int,
        startThread: @escaping @Sendable (_ body: @escaping @Sendable () -> Void) -> Int32 = WorkerThread.start
    ) {
        self.maximumThreadCount = maximumThreadCount
        self.startThread = startThread
    }

    /// Threads alive now.
    var threadCount: Int { state.withLock { $0.threadCount } }

    /// Jobs that wait for a thread now.
    var queuedJobCount: Int { state.withLock { $0.queue.count } }

    /// Runs a job on some thread of the pool, soon.
    func submit(_ job: Job) {
        let placement = state.withLock { state -> Placement in
            if let worker = state.idle.popLast() {
                worker.job.withLock { $0 = job }
                worker.wakeUp.signal()
                return .given
            }
            guard state.threadCount < maximumThreadCount + state.blockedCount else {
                state.queue.append(job)
                return .given
            }
            return .newThread(newWorker(for: job, &state))
        }
        if case .newThread(let worker) = placement { start(worker, with: job) }
    }

    /// Runs `wait`, which blocks the calling thread until a call is over, maybe one that waits in line here.
    func whileBlocked(_ wait: () -> Void) {
        let rescue = state.withLock { state -> (worker: Worker, job: Job)? in
            state.blockedCount += 1
            guard state.threadCount < maximumThreadCount + state.blockedCount, let job = state.queue.popFirst()
            else { return nil }
            return (newWorker(for: job, &state), job)
        }
        if let rescue { start(rescue.worker, with: rescue.job) }
        wait()
        state.withLock { $0.blockedCount -= 1 }
    }

    /// Under the lock: counts a thread that is to be made.
    private func newWorker(for job: Job, _ state: inout State) -> Worker {
        state.threadCount += 1
        let worker = Worker()
        worker.job.withLock { $0 = job }
        return worker
    }

    private func start(_ worker: Worker, with job: Job) {
        let error = startThread { [self] in work(as: worker) }
        if error != 0 { place(job, afterFailure: error) }
    }

    /// What becomes of a job for which no thread could be made: another thread does it, if there is one that does not
    /// wait itself. Else it fails, and so does everything that waits in line, for nobody would come for it.
    private func place(_ job: Job, afterFailure error: Int32) {
        let mustFail = state.withLock { state in
            state.threadCount -= 1
            if let worker = state.idle.popLast() {
                worker.job.withLock { $0 = job }
                worker.wakeUp.signal()
                return false
            }
            guard state.threadCount <= state.blockedCount else {
                state.queue.append(job)
                return false
            }
            state.doomed.append(job)
            while let next = state.queue.popFirst() { state.doomed.append(next) }
            if state.isFailing { return false }
            state.isFailing = true
            return true
        }
        if mustFail { failDoomed(error) }
    }

    /// Fails what is to fail, one after the other: each lets the next call into its sandbox, which may come here and fail
    /// in turn, and must not do so on top of this.
    private func failDoomed(_ error: Int32) {
        while true {
            let next = state.withLock { state -> Job? in
                let next = state.doomed.popFirst()
                if next == nil { state.isFailing = false }
                return next
            }
            guard let next else { return }
            next.fail(error)
        }
    }

    /// The life of one thread.
    private func work(as worker: Worker) {
        while true {
            if let job = worker.job.withLock({ $0.take() }) { job.run() }
            switch state.withLock({ afterJob(of: worker, &$0) }) {
            case .job(let job):
                worker.job.withLock { $0 = job }
                continue
            case .end: return
            case .sleep: break
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

    /// Under the lock: what a thread does next.
    private func afterJob(of worker: Worker, _ state: inout State) -> Next {
        // One more than may be, since another has waited for its gate long enough. The rest sees to what is in line.
        guard state.threadCount <= maximumThreadCount + state.blockedCount else {
            state.threadCount -= 1
            return .end
        }
        if let job = state.queue.popFirst() { return .job(job) }
        state.idle.append(worker)
        return .sleep
    }

    private static var activeProcessorCount: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }
}
