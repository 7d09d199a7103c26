// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
import Synchronization

/// A thread of its own: a run blocks its thread, which Swift's pool must not be asked for.
struct HostThread: ~Copyable {
    private final class Work: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    fileprivate let thread: pthread_t

    init(_ body: @escaping @Sendable () -> Void) {
        var thread = pthread_t()
        // SAFETY: the new thread takes over the retained object; join waits for its end.
        let work = unsafe Unmanaged.passRetained(Work(body)).toOpaque()
        let result = unsafe pthread_create(
            &thread, nil,
            { argument in
                guard let argument = unsafe argument else { return nil }
                unsafe Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().body()
                return nil
            }, work)
        precondition(result == 0, "a test machine has threads")
        self.thread = thread
    }

    /// Waits for its end.
    consuming func join() { pthread_join(thread, nil) }

    /// Sleeps.
    static func sleep(microseconds: UInt32) { usleep(microseconds) }
}

/// Threads that are waited for together.
struct ThreadGroup: ~Copyable {
    private var threads: [pthread_t] = []

    /// Starts one more.
    mutating func start(_ body: @escaping @Sendable () -> Void) { threads.append(HostThread(body).thread) }

    /// Waits for the end of all.
    consuming func join() { for thread in threads { pthread_join(thread, nil) } }
}

/// Texts that threads leave.
final class Notes: Sendable {
    private let texts = Mutex<[String]>([])
    /// Leaves one.
    func add(_ text: String) { texts.withLock { $0.append(text) } }
    /// All so far.
    var all: [String] { texts.withLock { $0 } }
}

/// A value that threads use in turn.
final class Shared<Value: ~Copyable & Sendable>: Sendable {
    let value: Mutex<Value>
    init(_ value: consuming sending Value) { self.value = Mutex(value) }
}
