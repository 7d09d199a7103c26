// SPDX-License-Identifier: MIT OR Apache-2.0

import Dispatch
import Foundation

/// Waits for somebody to press Enter, or for SIGINT or SIGTERM.
final class StopRequest: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)
    private let sources: [any DispatchSourceProtocol & Sendable]

    init() {
        let semaphore = semaphore
        let signals = [SIGINT, SIGTERM].map { number -> DispatchSourceSignal in
            // The default would end the process before a source is told.
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { semaphore.signal() }
            return source
        }
        let keys = DispatchSource.makeReadSource(fileDescriptor: STDIN_FILENO, queue: .global())
        keys.setEventHandler { [unowned keys] in
            // The end of input is no key: a program without a terminal runs until it gets a signal.
            if FileHandle.standardInput.availableData.isEmpty { keys.cancel() } else { semaphore.signal() }
        }
        sources = signals + [keys]
        for source in sources { source.resume() }
    }

    /// Whether it comes in so long, at once if it has come already.
    func comes(withinMilliseconds milliseconds: Int) -> Bool {
        semaphore.wait(timeout: .now() + .milliseconds(milliseconds)) == .success
    }
}
