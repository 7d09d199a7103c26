// SPDX-License-Identifier: MIT OR Apache-2.0

import Dispatch
import Foundation
import Glibc

/// Waits for somebody to press a key, or for SIGINT or SIGTERM.
final class StopRequest {
    private let semaphore = DispatchSemaphore(value: 0)
    private let signals: [any DispatchSourceSignal]
    /// How the terminal was set; nil without one.
    private let settings: termios?

    init() {
        let semaphore = semaphore
        settings = Self.letKeysThrough()
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

    deinit {
        guard var settings else { return }
        // SAFETY: the settings are a local copy of those that the terminal had.
        unsafe tcsetattr(STDIN_FILENO, TCSANOW, &settings)
    }

    /// Whether it comes in so long, at once if it has come already.
    func comes(withinMilliseconds milliseconds: Int) -> Bool {
        semaphore.wait(timeout: .now() + .milliseconds(milliseconds)) == .success
    }

    /// Has the terminal hand over each key as it is pressed, without showing it; gives how it was set before. In the
    /// background a change would stop the program.
    private static func letKeysThrough() -> termios? {
        var before = termios()
        // SAFETY: the settings are a local, filled in by the call.
        guard tcgetpgrp(STDIN_FILENO) == getpgrp(), unsafe tcgetattr(STDIN_FILENO, &before) == 0 else { return nil }
        var keys = before
        keys.c_lflag &= ~tcflag_t(ICANON | ECHO)
        // SAFETY: as above.
        return unsafe tcsetattr(STDIN_FILENO, TCSANOW, &keys) == 0 ? before : nil
    }
}
