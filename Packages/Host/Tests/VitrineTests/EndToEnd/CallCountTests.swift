// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing
import VitrineELF
import VitrineHypervisor
import VitrineObservability

@testable import Vitrine

/// What is counted as a call, and as a guest's error, and what is not.
@Suite("Counts of calls")
struct CallCountTests {
    private let registry = MetricsRegistry()

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

    private func samples(_ name: String) -> UInt64 {
        let family = registry.snapshot().first { $0.name == name }
        return family?.series.reduce(0) { sum, series in
            if case .histogram(let histogram) = series.value { sum + histogram.count } else { sum }
        } ?? 0
    }

    @Test("A call that the host refuses is no error of the guest", arguments: Places.each)
    func refused(_ place: Place) throws {
        let sandbox = try place.sandbox { $0.metrics = registry }
        for name in ["", String(repeating: "n", count: 257)] {
            let error = expectFailure(.unknownFunction) { try sandbox.call(name) }
            #expect(error?.guestCode == nil)
        }
        let one = Int32(1)
        let many = expectFailure(.wrongParameters) {
            try sandbox.call("add", one, one, one, one, one, one, one, one, one, one, one)
        }
        #expect(many?.guestCode == nil)
        expectFailure(.messageTooLarge) { try sandbox.call("echo_bytes", [UInt8](repeating: 1, count: 1 << 20)) }
        #expect(value("guest_errors_total") == nil)
        #expect(counter("guest_calls_total") == 0)
    }

    @Test("The same errors are the guest's where it says so", arguments: Places.each)
    func reported(_ place: Place) throws {
        let sandbox = try place.sandbox {
            $0.metrics = registry
            $0.memory.heap = 16 << 20
        }
        expectFailure(.unknownFunction) { try sandbox.call("no_such_function") }
        expectFailure(.wrongParameters) { let _: Int64 = try sandbox.call("add", Int32(1)) }
        expectFailure(.messageTooLarge) { let _: [UInt8] = try sandbox.call("fill_bytes", Int64(4 << 20), Int32(1)) }
        for code in ["unknownFunction", "wrongParameters", "messageTooLarge"] {
            #expect(counter("guest_errors_total", code) == 1, "\(code)")
        }
        #expect(counter("guest_calls_total") == 3)
    }

    @Test("A call that ends before the guest runs is neither counted nor timed", arguments: Places.each)
    func neverRun(_ place: Place) throws {
        let sandbox = try place.sandbox {
            $0.metrics = registry
            $0.recordsCallDurations = true
        }
        expectFailure(.deadlineExceeded) { try sandbox.call("echo_void", deadline: .zero) }
        sandbox.interruptHandle.cancel()
        expectFailure(.cancelled) { try sandbox.call("echo_void") }
        #expect(counter("guest_calls_total") == 0)
        #expect(counter("guest_call_bytes_total", "in") == 0)
        #expect(samples("guest_call_duration_seconds") == 0)
        try sandbox.call("echo_void")
        #expect(counter("guest_calls_total") == 1)
        #expect(samples("guest_call_duration_seconds") == 1)
    }

    @Test("A host call is counted and timed if the function has run, well or not", arguments: Places.each)
    func hostCalls(_ place: Place) throws {
        struct Spoiled: Error {}
        let sandbox = try place.multiplyingSandbox { builder in
            builder.metrics = registry
            builder.recordsCallDurations = true
            builder.hostFunction("text") { (_: Int64) in "not a number" }
            builder.hostFunction("two") { (a: Int64, b: Int64) in a &+ b }
            builder.hostFunction("fail") { (_: Int64) throws -> Int64 in throw Spoiled() }
        }
        for name in ["gone", "text", "two"] {
            expectFailure(.hostFunctionFailed) { let _: Int64 = try sandbox.call("call_host", name, Int64(1)) }
        }
        expectFailure(.hostFunctionFailed) { let _: Int64 = try sandbox.call("call_host_wrong") }
        #expect(counter("host_calls_total") == 0)
        #expect(samples("host_call_duration_seconds") == 0)
        #expect(counter("vm_exits_total", "host_call") == 4)
        expectFailure(.hostFunctionFailed) { let _: Int64 = try sandbox.call("call_host", "fail", Int64(1)) }
        let _: Int64 = try sandbox.call("call_host_multiply", Int64(2), Int64(3))
        #expect(counter("host_calls_total") == 2)
        #expect(samples("host_call_duration_seconds") == 2)
    }

    @Test("A guest that ends at its start is counted as one, and is no sandbox", arguments: Places.each)
    func endAtStart(_ place: Place) throws {
        let image = try place.guest.image
        var bytes = image.elf.bytes
        let segment = try #require(image.elf.segments.first { $0.addresses.contains(image.elf.entry) })
        let entry = segment.fileRange.lowerBound + Int(image.elf.entry - segment.address)
        bytes.replaceSubrange(entry..<(entry + 2), with: [0x0F, 0x0B])  // ud2
        var builder = try place.builder()
        builder.guest = .bytes(bytes)
        builder.metrics = registry
        expectFailure(.cpuException) { _ = try builder.build() }
        #expect(counter("guest_errors_total", "cpuException") == 1)
        #expect(counter("guest_aborts_total", "exception", "#UD") == 1)
        #expect(value("sandboxes_poisoned_total") == nil)
        #expect(counter("sandboxes_created_total") == 0)
        #expect(counter("guest_calls_total") == 0)
        for name in ["guest_errors_total", "guest_aborts_total", "guest_cancellations_total"] {
            let help = registry.snapshot().first { $0.name == name }?.help ?? ""
            #expect(help.contains("start"), "\(name)")
        }
    }
}
