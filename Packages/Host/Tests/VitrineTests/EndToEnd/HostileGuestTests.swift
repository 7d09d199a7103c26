// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing
import Vitrine
import VitrineObservability
import VitrineObservabilityTesting

/// Asks the hostile guest to do each thing it can do. After each: this process goes on, another sandbox is undisturbed,
/// and a new one works.
@Suite("Hostile guests")
struct HostileGuestTests {
    /// Those that go on until they are stopped.
    private static let endless: Set<String> = ["never_exits", "drain_endless"]

    /// How a call may end; nil is well. What a guest does to its telemetry never fails its call.
    private static func endings(of kind: Kind, _ place: Place) -> [SandboxError.Code?] {
        if endless.contains(kind.name) { return [.deadlineExceeded] }
        switch kind.name {
        case "error_code_zero", "error_text_control": return [.guestError]
        case "host_call_missing", "host_call_wrong_parameters": return [.hostFunctionFailed]
        case "host_call_no_name", "host_call_not_utf8", "host_call_flood": return [nil]
        case "port_in", "port_string": return [.protocolViolation]
        case "port_values", "flags_wild", "registers_wild": return [nil]
        // A difference of the emulator's.
        case "unmasked_float": return place.backend == .kvm ? [.cpuException] : [nil]
        // Hardware's KVM answers in a register.
        case "hypervisor_call": return [.cpuException, nil]
        default: break
        }
        return switch kind.number {
        case ...20: [.protocolViolation]
        case ...29: [.guestAborted]
        case ...49: [.protocolViolation]
        case ...89: [nil]
        default: [.cpuException]
        }
    }

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
                // 10,000 fills of a large region would take their time.
                if kind.name == "telemetry_flood" { builder.memory.telemetry = 4_096 }
                if Self.endless.contains(kind.name) { builder.limits.deadline = .milliseconds(50) }
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
            #expect(
                Self.endings(of: kind, place).contains(failure?.code), "\(kind.name): \(failure?.code.name ?? "well")")
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
