// SPDX-License-Identifier: MIT OR Apache-2.0

import Dispatch
import Foundation

/// Waits for somebody to press Enter, or for SIGINT or SIGTERM.
final class StopRequest {
    private let semaphore = DispatchSemaphore(value: 0)
    private let signals: [any DispatchSourceSignal]

    init() {
        let semaphore = semaphore
        signals = [SIGINT, SIGTERM].map { number in
            // The default would end the process before a source is told.
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { semaphore.signal() }
            source.resume()
            return source
        }
        Thread.detachNewThread {
            // The end of input is no key: a program without a terminal runs until it gets a signal.
            if !FileHandle.standardInput.availableData.isEmpty { semaphore.signal() }
        }
    }

    /// Whether it comes in so long, at once if it has come already.
    func comes(withinMilliseconds milliseconds: Int) -> Bool {
        semaphore.wait(timeout: .now() + .milliseconds(milliseconds)) == .success
    }
}
