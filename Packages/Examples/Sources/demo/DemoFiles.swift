// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc

/// Where the demo finds the guests and puts its files.
struct DemoFiles {
    /// What stops the demo before it begins.
    struct Missing: Error, CustomStringConvertible {
        let description: String
    }

    private let guests: String
    private let traces: String

    /// The guests are in the directory of the first argument, else in `Guests/bin/release` or `Guests/bin/debug` below the
    /// current directory. Traces go into `trace` there.
    init() throws(Missing) {
        let known = ["Guests/bin/release", "Guests/bin/debug"]
        let found = known.first { Self.exists("\($0)/simpleguest") && Self.exists("\($0)/c_simpleguest") }
        guests = CommandLine.arguments.dropFirst().first ?? found ?? known[1]
        traces = "trace"
        for name in ["simpleguest", "c_simpleguest"] where !Self.exists("\(guests)/\(name)") {
            throw Missing(
                description:
                    "\(guests)/\(name) is missing. Run `just build-guests && just move-guests`, or `just demo`.")
        }
        // SAFETY: the path is lent as a C string for the length of the call.
        let result = unsafe mkdir(traces, 0o755)
        guard result == 0 || errno == EEXIST else {
            throw Missing(description: "the directory “\(traces)” cannot be created: errno \(errno)")
        }
    }

    /// A guest's image.
    func guest(_ name: String) -> String { "\(guests)/\(name)" }

    /// A guest's allocation trace.
    func trace(_ name: String) -> String { "\(traces)/demo-\(name).trace" }

    private static func exists(_ path: String) -> Bool {
        // SAFETY: as above.
        unsafe access(path, R_OK) == 0
    }
}
