// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing
import Vitrine
import VitrineObservability
import VitrineObservabilityTesting

/// Asks the hostile guest to do each thing it can do. After each: this process goes on, another sandbox is undisturbed,
/// and a new one works.
@Suite("Hostile guests")
struct HostileGuestTests {
    /// Those that end the call well: what they do is telemetry, or allowed.
    private static let harmless: Set<String> = [
        "port_values", "flags_wild", "registers_wild", "drain_flood", "host_call_flood", "frees_unknown",
    ]
    /// Those that go on until they are stopped.
    private static let endless: Set<String> = ["never_exits", "drain_endless"]

    private struct Kind {
        let number: Int32
        let name: String
    }

    private func kinds(_ place: Place) throws -> [Kind] {
        let sandbox = try place.sandbox()
        let count: Int32 = try sandbox.call("hostile_kind_count")
        return try (0..<count).map { index in
            let number: Int32 = try sandbox.call("hostile_kind_number", index)
            return Kind(number: number, name: try sandbox.call("hostile_kind_name", number))
        }
    }

    private func run(_ numbers: ClosedRange<Int32>, _ place: Place) throws {
        let bystander = try place.sandbox()
        let kinds = try kinds(place).filter { numbers.contains($0.number) }
        #expect(!kinds.isEmpty)
        for kind in kinds {
            let subscriber = InMemorySubscriber(maximumLevel: .info)
            let sandbox = try place.multiplyingSandbox { builder in
                builder.onPrint = { _ in }
                builder.limits.telemetryRecordsPerCall = 2_000
                // The emulator needs its time for the floods; what is endless is ended sooner.
                builder.limits.deadline = Self.endless.contains(kind.name) ? .milliseconds(50) : .seconds(20)
            }
            var failure: SandboxError?
            Telemetry.withSubscriber(subscriber) {
                do throws(SandboxError) {
                    let number: Int32 = try sandbox.call("hostile", kind.number)
                    #expect(number == kind.number)
                } catch {
                    failure = error
                }
            }
            if Self.endless.contains(kind.name) { #expect(failure?.code == .deadlineExceeded, "\(kind.name)") }
            if Self.harmless.contains(kind.name) { #expect(failure == nil, "\(kind.name)") }
            if let failure {
                #expect(failure.description.utf8.count < 16_384, "\(kind.name)")
                #expect(failure.description.unicodeScalars.allSatisfy { $0.value >= 0x20 }, "\(kind.name)")
            }
            #expect(subscriber.openSpans.isEmpty, "\(kind.name)")
            #expect(subscriber.startedSpans.count + subscriber.events.count < 2_200, "\(kind.name)")
            if sandbox.status == .ready {
                // What it answers now is the guest's affair: it may still lie, or stumble over what it did to itself.
                _ = try? sandbox.call("add", Int64(1), Int64(2)) as Int64
            } else {
                expectFailure(.poisoned) { try sandbox.call("add", Int64(1), Int64(2)) }
            }
            expectWorks(bystander)
            expectWorks(try place.sandbox())
        }
    }

    @Test("Replies that are not what they should be", arguments: Places.hostile)
    func replies(_ place: Place) throws {
        try run(0...29, place)
    }

    @Test("Host calls that are not what they should be", arguments: Places.hostile)
    func hostCalls(_ place: Place) throws {
        try run(30...49, place)
    }

    @Test("Telemetry that is not what it should be, and floods of it", arguments: Places.hostile)
    func telemetry(_ place: Place) throws {
        try run(50...89, place)
    }

    @Test("Instructions, registers and ports that are not the guest's", arguments: Places.hostile)
    func machine(_ place: Place) throws {
        try run(90...255, place)
    }
}
