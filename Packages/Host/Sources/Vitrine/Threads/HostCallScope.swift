// SPDX-License-Identifier: MIT OR Apache-2.0

import Synchronization

/// Says which sandboxes the current thread or task is serving: it runs a host function that one of them called.
///
/// Task-local, so that tasks that a host function starts are known too. A scope that outlives its host function in such
/// a task is closed and means nothing any more.
final class HostCallScope: Sendable {
    @TaskLocal static var current: HostCallScope?

    private let sandbox: ObjectIdentifier
    private let outer: HostCallScope?
    private let isOpen = Atomic<Bool>(true)

    init(serving sandbox: ObjectIdentifier) {
        self.sandbox = sandbox
        outer = Self.current
    }

    /// Runs code of the host with this scope as the current one, then closes it.
    func during<Result>(_ body: () -> Result) -> Result {
        defer { close() }
        return Self.$current.withValue(self, operation: body)
    }

    /// To be called when the host function has returned.
    func close() {
        isOpen.store(false, ordering: .relaxed)
    }

    /// Whether a call into this sandbox from here would wait for itself.
    static func isServing(_ sandbox: ObjectIdentifier) -> Bool {
        var scope = current
        while let candidate = scope {
            if candidate.sandbox == sandbox, candidate.isOpen.load(ordering: .relaxed) { return true }
            scope = candidate.outer
        }
        return false
    }
}
