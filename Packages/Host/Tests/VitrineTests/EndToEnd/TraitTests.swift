// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
import Testing
import VitrineObservability
import VitrineObservabilityTesting

@testable import Vitrine

/// Whether those guests are built; `just test` sees to it.
private let areBuilt = SampleGuest.simple.allSatisfy { guest in
    (try? FileBytes.read(guest.pathWithoutTraits, maximumByteCount: 64 << 20)) != nil
}

@Suite("Guests without traits", .enabled(if: areBuilt, "just build-guests release none, and Guests/move.sh"))
struct TraitTests {
    @Test("They serve and print, and record neither spans nor events nor allocations", arguments: Places.all)
    func nothingIsRecorded(_ place: Place) throws {
        let path = "/tmp/vitrine-traits-\(getpid())-\(place.guest.rawValue)-\(place.backend).trace"
        // SAFETY: the path is lent as a C string for the length of the call.
        defer { _ = unsafe unlink(path) }
        let printed = Box<String>()
        let subscriber = InMemorySubscriber()
        try Telemetry.withSubscriber(subscriber) {
            let sandbox = try place.multiplyingSandbox { builder in
                builder.guest = .file(place.guest.pathWithoutTraits)
                builder.allocationTrace = .file(path)
                builder.onPrint = { text in printed.value = (printed.value ?? "") + text }
            }
            expectWorks(sandbox)
            let text: String = try sandbox.call("echo_string", "hi")
            #expect(text == "hi")
            #expect(try sandbox.call("span_across_host_call") == Int64(42))
            try sandbox.call("trace_nested", Int32(3))
            try sandbox.call("log", Int32(1), "unheard")
            #expect(try sandbox.call("allocate", Int32(10), Int32(100)) == Int64(1_000))
            try sandbox.call("print", "hello\n")
            expectFailure(.guestAborted) { try sandbox.call("trap") }
        }
        #expect(printed.value == "hello\n")
        #expect(subscriber.spans(named: "call").count == 8)
        #expect(!subscriber.spans.contains { $0.origin == .guest })
        #expect(!subscriber.events.contains { $0.origin == .guest })
        let trace = try TraceContents(path)
        #expect(trace.allocations.isEmpty)
        #expect(trace.freeCount == 0)
    }
}
