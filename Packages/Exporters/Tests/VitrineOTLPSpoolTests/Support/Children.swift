// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import Glibc

/// Starts a child of this process, which leaves with what the body gives; only for processes without other threads.
func startChild(_ body: () -> Int32) -> pid_t {
    // The C function by its name: Swift does not import fork.
    typealias Fork = @convention(c) () -> pid_t
    // SAFETY: the symbol is the C library's, of this type; the caller has no other thread whose locks the child would need.
    guard let symbol = unsafe dlsym(nil, "fork") else { return -1 }
    // SAFETY: as above.
    let child = unsafe unsafeBitCast(symbol, to: Fork.self)()
    if child == 0 { _exit(body()) }
    return child
}

/// Waits for a child; gives its status, or the number of the signal that ended it, or -1.
func end(of child: pid_t) -> Int32 {
    var status: Int32 = 0
    // SAFETY: the kernel fills a local of its type.
    guard unsafe waitpid(child, &status, 0) == child else { return -1 }
    return status & 0x7F != 0 ? status & 0x7F : status >> 8 & 0xFF
}

/// Appends a line to a file in one call.
func appendLine(_ bytes: [UInt8], to path: String) {
    // SAFETY: the path is a C string and the bytes are read during the calls.
    let descriptor = unsafe open(path, O_WRONLY | O_APPEND | O_CREAT, 0o600)
    // SAFETY: as above.
    unsafe _ = (bytes + [10]).withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
    close(descriptor)
}

/// The lines of a file; none if it is not there.
func lines(of path: String) -> [String] {
    let text = String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
    return text.split(separator: "\n").map(String.init)
}
