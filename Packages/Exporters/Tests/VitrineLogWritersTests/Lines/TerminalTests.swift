// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
import Testing
import VitrineLogWriters
import VitrineObservability

/// What a line looks like on a terminal with these variables; called in a process of its own, which they belong to.
private func isColoredOnTerminal(_ noColor: String?, _ term: String) -> Bool? {
    // SAFETY: names and values are C strings for the calls; the name of the terminal is copied before the next call.
    if let noColor = noColor { unsafe setenv("NO_COLOR", noColor, 1) } else { unsafe unsetenv("NO_COLOR") }
    unsafe setenv("TERM", term, 1)
    // What posix_openpt, unlockpt and ptsname do, which Swift does not import: pty(7), ioctl_tty(2).
    let unlock: UInt = 0x4004_5431  // TIOCSPTLCK
    let getNumber: UInt = 0x8004_5430  // TIOCGPTN
    let terminal = unsafe open("/dev/ptmx", O_RDWR | O_NOCTTY)
    var no: Int32 = 0
    var number: Int32 = 0
    guard terminal >= 0, unsafe ioctl(terminal, unlock, &no) == 0, unsafe ioctl(terminal, getNumber, &number) == 0
    else {
        return nil
    }
    let line = unsafe open("/dev/pts/\(number)", O_RDWR | O_NOCTTY)
    guard line >= 0 else { return nil }
    LineWriter(fileDescriptor: line).eventDidOccur(Sample.event("hello", in: nil))
    var bytes = [UInt8](repeating: 0, count: 1_000)
    // SAFETY: reads at most as many bytes as the array has.
    let count = unsafe read(terminal, &bytes, bytes.count)
    let text = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    return text.contains("hello") ? text.contains("\u{1B}[") : nil
}

@Suite("ColorChoice on a terminal")
struct TerminalTests {
    @Test("lines are colored, unless the environment forbids it")
    func environment() async {
        await #expect(processExitsWith: .success) {
            #expect(isColoredOnTerminal(nil, "xterm") == true)
            #expect(isColoredOnTerminal("", "xterm") == true)
            #expect(isColoredOnTerminal("1", "xterm") == false)
            #expect(isColoredOnTerminal(nil, "dumb") == false)
        }
    }
}
