// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
import Vitrine
import VitrineEmulator

/// The smallest program that calls into a sandbox: `just example hello [GUEST]`.
@main
enum Hello {
    static func main() {
        let known = ["Guests/bin/release/simpleguest", "Guests/bin/debug/simpleguest"]
        // SAFETY: the path is lent as a C string for the length of the call.
        let found = known.first { path in unsafe access(path, R_OK) == 0 }
        let path = CommandLine.arguments.dropFirst().first ?? found ?? known[1]
        do throws(SandboxError) {
            try run(guest: path)
        } catch {
            print(error)
            exit(1)
        }
    }

    private static func run(guest path: String) throws(SandboxError) {
        var builder = SandboxBuilder(guest: .file(path))
        builder.hostFunction("multiply") { (a: Int64, b: Int64) in a &* b }
        builder.onPrint = { text in print("the guest prints: \(text)") }
        let sandbox = try builder.build()

        let sum: Int64 = try sandbox.call("add", Int64(19), Int64(23))
        print("19 + 23 = \(sum), computed in a micro-VM on \(sandbox.backendName)")

        let product: Int64 = try sandbox.call("call_host_multiply", Int64(6), Int64(7))
        print("6 * 7 = \(product), asked for by the guest and computed by the host")

        try sandbox.call("print", "hello from inside")
    }
}
