// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import Glibc

/// Threads of their own that end, where tasks would share a few that stay.
enum TestThreads {
    /// Runs the body on so many threads at once, and returns when all have ended but for what a thread does at its very end.
    static func run(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
        let group = DispatchGroup()
        for index in 0..<count {
            group.enter()
            Thread.detachNewThread {
                body(index)
                group.leave()
            }
        }
        group.wait()
    }

    /// Asks again and again, for five minutes at most.
    static func eventually(_ isTrue: () -> Bool) -> Bool {
        for _ in 0..<300_000 {
            if isTrue() { return true }
            usleep(1_000)
        }
        return false
    }
}

/// What a child of this process does, and how it ends.
enum TestChild {
    /// Runs the body in a child, which has five minutes; 0 if it says true.
    static func run(_ body: () -> Bool) -> Int32 {
        // Swift hides fork.
        typealias Fork = @convention(c) () -> pid_t
        // SAFETY: the symbol is the C library's, of this type. The child uses nothing that another thread may have locked.
        guard let symbol = unsafe dlsym(nil, "fork") else { return -1 }
        let child = unsafe unsafeBitCast(symbol, to: Fork.self)()
        if child == 0 {
            alarm(300)
            _exit(body() ? 0 : 1)
        }
        var status: Int32 = -1
        // SAFETY: the kernel fills a local of its type.
        unsafe waitpid(child, &status, 0)
        return status
    }
}
