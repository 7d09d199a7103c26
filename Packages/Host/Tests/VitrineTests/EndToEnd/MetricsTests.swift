// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing
import Vitrine
import VitrineObservability

/// What is counted of sandboxes.
@Suite("Metrics")
struct MetricsTests {
    private let registry = MetricsRegistry()

    /// The value of a series that has these values of labels among its own; nil if there is none.
    private func value(_ name: String, _ labels: String...) -> MetricValue? {
        let family = registry.snapshot().first { $0.name == name }
        return family?.series.first { series in
            labels.allSatisfy { label in series.labels.contains { $0.value == label } }
        }?.value
    }

    private func counter(_ name: String, _ labels: String...) -> UInt64? {
        let family = registry.snapshot().first { $0.name == name }
        let series = family?.series.first { series in
            labels.allSatisfy { label in series.labels.contains { $0.value == label } }
        }
        guard case .counter(let value)? = series?.value else { return nil }
        return value
    }

    private func sandbox(_ place: Place, _ change: (inout SandboxBuilder) -> Void = { _ in }) throws -> Sandbox {
        try place.multiplyingSandbox {
            $0.metrics = registry
            change(&$0)
        }
    }

    @Test("Calls, exits and bytes are counted as they are", arguments: Places.all)
    func calls(_ place: Place) throws {
        let sandbox = try sandbox(place)
        let boots = try #require(counter("vm_exits_total", "ready"))
        #expect(boots == 1)
        for _ in 0..<10 { let _: Int64 = try sandbox.call("add", Int64(1), Int64(2)) }
        let _: Int64 = try sandbox.call("call_host_many", Int64(5))
        #expect(counter("guest_calls_total") == 11)
        #expect(counter("host_calls_total") == 5)
        #expect(counter("vm_exits_total", "ready") == boots + 11)
        #expect(counter("vm_exits_total", "host_call") == 5)
        let before = try #require(counter("guest_call_bytes_total", "in"))
        let out = try #require(counter("guest_call_bytes_total", "out"))
        let bytes = [UInt8](repeating: 7, count: 1_000)
        #expect(try sandbox.call("echo_bytes", bytes) == bytes)
        #expect(try #require(counter("guest_call_bytes_total", "in")) - before >= 1_000)
        #expect((1_000...1_100).contains(try #require(counter("guest_call_bytes_total", "out")) - out))
    }

    @Test("Sandboxes alive, created and poisoned, and their memory, are those that there are", arguments: Places.each)
    func lives(_ place: Place) throws {
        func memory(_ kind: String) -> Int64 {
            guard case .upDownCounter(let value)? = value("guest_memory_bytes", kind) else { return -1 }
            return value
        }
        var first: Sandbox? = try sandbox(place) { $0.memory.heap = 4 << 20 }
        let heap = memory("heap")
        #expect(heap >= 4 << 20)
        #expect(memory("image") > 0 && memory("stack") > 0)
        let second = try sandbox(place) { $0.memory.heap = 4 << 20 }
        #expect(value("sandboxes_alive") == .upDownCounter(2))
        #expect(memory("heap") == 2 * heap)
        #expect(throws: SandboxError.self) { try second.call("trap") }
        withExtendedLifetime(first) {}
        first = nil
        #expect(value("sandboxes_alive") == .upDownCounter(1))
        #expect(counter("sandboxes_created_total") == 2)
        #expect(counter("sandboxes_poisoned_total") == 1)
        #expect(memory("heap") == heap)
        guard case .histogram(let durations)? = value("sandbox_create_duration_seconds") else {
            Issue.record("no histogram of durations")
            return
        }
        #expect(durations.count == 2 && durations.sum > 0 && durations.sum < 60)
    }

    @Test("A guest's end is counted by kind, an exception by its vector", arguments: Places.each)
    func aborts(_ place: Place) throws {
        func end(_ body: (Sandbox) throws -> Void) throws {
            let sandbox = try sandbox(place)
            #expect(throws: SandboxError.self) { try body(sandbox) }
            #expect(sandbox.status == .poisoned)
        }
        try end { try $0.call("bad_pointer", UInt64(8)) }
        try end { try $0.call("trap") }
        expectStopped(try sandbox(place), after: .milliseconds(5))
        #expect(counter("guest_aborts_total", "memory_fault", "#PF") == 1)
        #expect(counter("guest_aborts_total", "deadline") == 1)
        #expect(counter("guest_cancellations_total") == 1)
        #expect(counter("guest_errors_total", "cpuException") ?? 0 >= 1)
        #expect(counter("sandboxes_poisoned_total", "deadlineExceeded") == 1)
        let family = try #require(registry.snapshot().first { $0.name == "guest_aborts_total" })
        let total = family.series.reduce(UInt64(0)) {
            if case .counter(let value) = $1.value { $0 + value } else { $0 }
        }
        #expect(total == 3)
    }

    @Test("An error that leaves the guest ready is counted by its code, and is no abort", arguments: Places.each)
    func errors(_ place: Place) throws {
        let sandbox = try sandbox(place)
        #expect(throws: SandboxError.self) { try sandbox.call("guest_error", Int32(7), "x") }
        #expect(throws: SandboxError.self) { try sandbox.call("no_such_function") }
        #expect(counter("guest_errors_total", "guestError") == 1)
        #expect(counter("guest_errors_total", "unknownFunction") == 1)
        #expect(counter("guest_aborts_total") == nil)
        #expect(counter("sandboxes_poisoned_total") == nil)
    }

    @Test("Durations by function name are off by default, and there when asked for", arguments: Places.each)
    func durations(_ place: Place) throws {
        let plain = try sandbox(place)
        let _: Int64 = try plain.call("call_host_many", Int64(3))
        #expect(registry.snapshot().allSatisfy { !$0.name.hasSuffix("call_duration_seconds") })
        let timed = try sandbox(place) { $0.recordsCallDurations = true }
        let _: Int64 = try timed.call("call_host_many", Int64(3))
        let _: Int64 = try timed.call("call_host_many", Int64(2))
        let _: Int64 = try timed.call("add", Int64(3), Int64(2))
        func count(_ name: String, _ function: String) -> UInt64? {
            guard case .histogram(let histogram)? = value(name, function) else { return nil }
            return histogram.count
        }
        #expect(count("guest_call_duration_seconds", "call_host_many") == 2)
        #expect(count("guest_call_duration_seconds", "add") == 1)
        #expect(count("host_call_duration_seconds", "multiply") == 5)
        expectStopped(timed, after: .milliseconds(1))
        #expect(throws: SandboxError.self) { let _: Int64 = try timed.call("add", Int64(3), Int64(2)) }
        #expect(count("guest_call_duration_seconds", "spin") == 1)
        // The sandbox was poisoned: that call was none.
        #expect(count("guest_call_duration_seconds", "add") == 1)
        let label = registry.snapshot().first { $0.name == "guest_call_duration_seconds" }?.series.first?.labels.first
        #expect(label?.name == "function_name")
    }

    @Test("A builder counts with the recorder that was in place when it was made", arguments: Places.each)
    func recorder(_ place: Place) throws {
        let image = try place.guest.image
        func builder() -> SandboxBuilder {
            var builder = SandboxBuilder(guest: .image(image))
            builder.backend = place.backend
            return builder
        }
        let scoped = Metrics.withRecorder(registry) { builder() }
        let none = builder()
        _ = try scoped.build()
        _ = try none.build()
        #expect(counter("sandboxes_created_total") == 1)
        #expect(none.metrics is NoOpMetricsRecorder)
    }
}
