// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
public import Vitrine
import VitrineEmulator

/// What the examples watch: two guests, one in Swift and one in C, that are called, call back, fail, and one that never ends.
///
/// Nothing here knows who listens: that is each example's business.
public enum ExampleSession {
    /// The names of the guests.
    public static let guests = ["simpleguest", "c_simpleguest"]

    /// How long the guest that never ends may run. Were it over before the guest began, the sandbox would stay ready: time
    /// enough for a machine that is very busy.
    private static let spinning = Duration.milliseconds(200)

    /// Runs all of it. What a guest is made to do wrong is part of the session; anything else is thrown.
    public static func run() throws {
        for name in guests { try run(guest: name) }
    }

    /// Runs the part of one guest.
    ///
    /// - Parameter configure: changes the builder, before its sandbox is built.
    public static func run(guest name: String, _ configure: (inout SandboxBuilder) -> Void = { _ in }) throws {
        var builder = SandboxBuilder(guest: .file(guest(name)))
        builder.hostFunction("multiply") { (a: Int64, b: Int64) in a &* b }
        configure(&builder)
        try call(builder)
    }

    /// Calls a guest once, and nothing goes wrong.
    public static func greet(guest name: String) throws {
        let sandbox = try SandboxBuilder(guest: .file(guest(name))).build()
        let text: String = try sandbox.call("echo_string", "hello")
        guard text == "hello" else { throw Surprise() }
    }

    private static func call(_ builder: SandboxBuilder) throws {
        let sandbox = try builder.build()
        let text: String = try sandbox.call("echo_string", "hello")
        let product: Int64 = try sandbox.call("call_host_multiply", Int64(6), Int64(7))
        try sandbox.call("trace_nested", Int32(2))
        guard text == "hello", product == 42 else { throw Surprise() }
        // The guest's own error: the sandbox stays ready.
        try expect(.guestError) { () throws(SandboxError) in
            try sandbox.call("guest_error", Int32(1_000), "out of paper")
        }
        // A guest that never ends is stopped at its deadline, and its sandbox with it.
        try expect(.deadlineExceeded) { () throws(SandboxError) in
            try sandbox.call("spin", deadline: spinning)
        }
        try expect(.poisoned) { () throws(SandboxError) in
            let _: String = try sandbox.call("echo_string", "anybody there?")
        }
    }

    private static func expect(_ code: SandboxError.Code, _ body: () throws(SandboxError) -> Void) throws {
        do throws(SandboxError) {
            try body()
        } catch {
            guard error.code == code else { throw error }
            return
        }
        throw Surprise()
    }

    /// A guest did not do what it is made for.
    private struct Surprise: Error, CustomStringConvertible {
        let description = "a guest did not do what it is made for"
    }

    /// The file of a sample guest.
    private static func guest(_ name: String) -> String {
        let known = ["release", "debug"].map { "Guests/bin/\($0)/\(name)" }
        // SAFETY: the path is lent as a C string for the length of the call.
        return known.first { path in unsafe access(path, R_OK) == 0 } ?? known[1]
    }
}
