// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing
@_spi(Backend) import VitrineHypervisor
import VitrineObservability
import VitrineObservabilityTesting

@testable import Vitrine

/// A backend whose probe gives a known answer.
private struct Pretended: Hypervisor {
    let name: String
    var failure: HypervisorError?
    var differences: Set<BackendDifference> { [] }
    private var telemetry: BackendTelemetry

    init(name: String, failure: HypervisorError? = nil) {
        self.name = name
        self.failure = failure
        telemetry = BackendTelemetry(backend: name)
    }

    var leavingErrorsToCaller: Self {
        var quiet = self
        quiet.telemetry = telemetry.leavingErrorsToCaller
        return quiet
    }

    func probe() throws(HypervisorError) {
        try telemetry.probe { () throws(HypervisorError) in if let failure { throw failure } }
    }

    func makeMachine(
        memory: consuming GuestMemory, entry: GuestAddress
    ) throws(HypervisorError) -> any VirtualMachine & ~Copyable {
        throw .invalidEntry(entry)
    }
}

@Suite("Choice of a backend")
struct BackendSelectionTests {
    private static let kvm = Pretended(name: "kvm")
    private static let emulator = Pretended(name: "emulator")

    private static func broken(_ name: String, _ reason: UnavailableReason) -> Pretended {
        Pretended(name: name, failure: .unavailable(reason))
    }

    private func chosen(
        _ choice: Backend, environment: String? = nil, _ kvm: Pretended, _ software: Pretended?
    ) throws(SandboxError) -> String {
        try BackendSelection.hypervisor(for: choice, environment: environment, kvm: kvm, software: software).name
    }

    @Test("Automatic is KVM where its probe passes, whatever else is linked")
    func prefersKVM() throws {
        #expect(try chosen(.automatic, Self.kvm, Self.emulator) == "kvm")
        #expect(try chosen(.automatic, Self.kvm, nil) == "kvm")
    }

    @Test(
        "Automatic is the emulator where KVM cannot be used and the program links it",
        arguments: [
            .deviceMissing, .noPermission, .noUsableCPUMode, .missingCapability("KVM_CAP_SYNC_REGS"),
        ] as [UnavailableReason])
    func fallsBack(_ reason: UnavailableReason) throws {
        #expect(try chosen(.automatic, Self.broken("kvm", reason), Self.emulator) == "emulator")
    }

    @Test(
        "Without either it is noHypervisor, which says why and what to do",
        arguments: [
            (.deviceMissing, "/dev/kvm is missing", "--device /dev/kvm"),
            (.noPermission, "may not be opened", "usermod -aG kvm"),
            (.noUsableCPUMode, "CPL 3", "another machine"),
            (.missingCapability("KVM_CAP_SYNC_REGS"), "KVM_CAP_SYNC_REGS", "newer kernel"),
        ] as [(UnavailableReason, String, String)])
    func none(_ reason: UnavailableReason, what: String, todo: String) {
        for choice in [Backend.automatic, .kvm] {
            let error = expectFailure(.noHypervisor) { _ = try chosen(choice, Self.broken("kvm", reason), nil) }
            let text = error?.description ?? ""
            #expect(text.contains(what))
            #expect(text.contains(todo))
            // Where the emulator would have been asked, the error also says how to get it.
            #expect(text.contains("import VitrineEmulator") == (choice == .automatic))
        }
    }

    @Test("A named backend is that one or an error, never another")
    func named() throws {
        let broken = Self.broken("kvm", .deviceMissing)
        #expect(try chosen(.emulator, Self.kvm, Self.emulator) == "emulator")
        expectFailure(.noHypervisor) { _ = try chosen(.kvm, broken, Self.emulator) }
        let unlinked = expectFailure(.noHypervisor) { _ = try chosen(.emulator, Self.kvm, nil) }
        #expect(unlinked?.description.contains("import VitrineEmulator") == true)
        let failing = Pretended(name: "emulator", failure: .backend(name: "uc_open", code: 1))
        expectFailure(.noHypervisor) { _ = try chosen(.emulator, Self.kvm, failing) }
        let both = expectFailure(.noHypervisor) { _ = try chosen(.automatic, broken, failing) }
        #expect(both?.description.contains("uc_open") == true)
        #expect(both?.description.contains("/dev/kvm is missing") == true)
    }

    @Test("A backend that is passed over is a line for the curious and a failed span, not an error event")
    func passedOver() throws {
        let broken = Self.broken("kvm", .deviceMissing)
        let memory = InMemorySubscriber()
        let name = try Telemetry.withSubscriber(memory) { try chosen(.automatic, broken, Self.emulator) }
        #expect(name == "emulator")
        let event = try #require(memory.events.first)
        #expect(memory.events.count == 1)
        #expect(event.metadata.level == .debug)
        #expect(event.fields.first == Field("backend", "kvm"))
        #expect(event.fields.last?.value.description.contains("/dev/kvm is missing") == true)
        let probes = memory.spans(named: "probe")
        let reason = String(describing: HypervisorError.unavailable(.deviceMissing))
        #expect(probes.map(\.status) == [.error(reason), .unset])
        let errors = InMemorySubscriber(maximumLevel: .error)
        _ = try Telemetry.withSubscriber(errors) { try chosen(.automatic, broken, Self.emulator) }
        #expect(errors.events.isEmpty)
    }

    @Test("VITRINE_BACKEND decides for automatic, and for nothing else")
    func environment() throws {
        #expect(try chosen(.automatic, environment: "emulator", Self.kvm, Self.emulator) == "emulator")
        #expect(try chosen(.automatic, environment: "automatic", Self.kvm, Self.emulator) == "kvm")
        #expect(try chosen(.kvm, environment: "emulator", Self.kvm, Self.emulator) == "kvm")
        let broken = Self.broken("kvm", .noPermission)
        expectFailure(.noHypervisor) { _ = try chosen(.automatic, environment: "kvm", broken, Self.emulator) }
    }
}
