// SPDX-License-Identifier: MIT OR Apache-2.0

import Vitrine
import VitrineObservability

/// What is done with each guest: the good cases in one sandbox, each crash in one of its own.
struct Script {
    let image: GuestImage
    let tracePath: String
    let page: Page

    /// Runs all of it below one span, so that it is printed as one tree at the end.
    func run() throws {
        try withSpan("demo", [Field("guest", image.name)]) { () in
            let sandbox = try makeBuilder(allocationTrace: .file(tracePath)).build()
            page.paragraph("backend: \(sandbox.backendName)")
            page.paragraph("")
            try callGuest(sandbox)
            try callBack(sandbox)
            try allocate(sandbox)
            expectFailure("guest_error(1042, \"out of tea\")", sandbox) { (sandbox: Sandbox) throws(SandboxError) in
                try sandbox.call("guest_error", Int32(1_042), "out of tea")
            }
            page.hint("An error of a guest function harms nothing: the sandbox is \(sandbox.status).")

            let builder = makeBuilder(allocationTrace: nil)
            expectFailure("trap()", try builder.build()) { (sandbox: Sandbox) throws(SandboxError) in
                try sandbox.call("trap")
            }
            expectFailure("bad_pointer(0xdead000)", try builder.build()) { (sandbox: Sandbox) throws(SandboxError) in
                try sandbox.call("bad_pointer", UInt64(0xDEA_D000))
            }
            expectFailure("spin(), deadline 5 ms", try builder.build()) { (sandbox: Sandbox) throws(SandboxError) in
                try sandbox.call("spin", deadline: .milliseconds(5))
            }
            page.paragraph("")
            page.paragraph("The same, as it was traced on both sides of the boundary:")
            page.paragraph("")
        }
    }

    private func makeBuilder(allocationTrace: AllocationTraceTarget?) -> SandboxBuilder {
        var builder = SandboxBuilder(guest: .image(image))
        builder.allocationTrace = allocationTrace
        builder.hostFunction("multiply") { (a: Int64, b: Int64) in
            withSpan("multiply on the host") { () in a &* b }
        }
        builder.onPrint = { [page] text in page.step("print", "the guest prints “\(text.filter { $0 != "\n" })”") }
        return builder
    }

    private func callGuest(_ sandbox: Sandbox) throws(SandboxError) {
        let text: String = try sandbox.call("echo_string", "Grüße aus der VM")
        page.step("echo_string(\"Grüße aus der VM\")", text)
        let bytes: [UInt8] = try sandbox.call("echo_bytes", [UInt8](repeating: 7, count: 64 << 10))
        page.step("echo_bytes(64 KiB)", "\(bytes.count) bytes")
        let sum: Int64 = try sandbox.call("add", Int64(19), Int64(23))
        page.step("add(19, 23)", "\(sum)")
        try sandbox.call("print", "hello from inside\n")
    }

    private func callBack(_ sandbox: Sandbox) throws(SandboxError) {
        let product: Int64 = try sandbox.call("call_host_multiply", Int64(6), Int64(7))
        page.step("call_host_multiply(6, 7)", "\(product), computed by the host for the guest")
        let across: Int64 = try sandbox.call("span_across_host_call")
        page.step("span_across_host_call()", "\(across), with a guest's span around the host call")
        try sandbox.call("trace_nested", Int32(2))
        page.step("trace_nested(2)", "spans and events from inside")
    }

    private func allocate(_ sandbox: Sandbox) throws(SandboxError) {
        let total: Int64 = try sandbox.call("allocate", Int32(40), Int32(256))
        page.step("allocate(40, 256)", "\(total) bytes allocated and freed, each with its stack")
        try sandbox.call("leak", Int64(4_096))
        page.step("leak(4096)", "allocated and forgotten")
    }

    /// A call that has to fail, and how it is told.
    private func expectFailure(
        _ call: String, _ sandbox: Sandbox, _ body: (Sandbox) throws(SandboxError) -> Void
    ) {
        do throws(SandboxError) {
            try body(sandbox)
            page.step(call, "returned, which it should not", isFailure: true)
        } catch {
            let words = error.guestMessage.map { ": “\($0)”" } ?? ""
            page.step(call, "\(error.code): \(error.message)\(words)", isFailure: true)
            if !error.advice.isEmpty { page.hint(error.advice) }
        }
    }
}
