// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing
import Vitrine
import VitrineEmulator
import VitrineHypervisor
import VitrineHypervisorConformance
import VitrineKVM
import VitrineObservability

/// A backend that runs guests on this machine.
enum Places {
    /// KVM if its probe passes and the emulator always, for the tests link it; or the one that `VITRINE_BACKEND` names.
    static let backends: [Backend] = {
        var backends: [Backend] = []
        if BackendUnderTest.isWanted(KVMHypervisor()) { backends.append(.kvm) }
        if let emulator = SoftwareBackend.linked, BackendUnderTest.isWanted(emulator) { backends.append(.emulator) }
        return backends
    }()

    /// Each simple guest on each backend.
    static let all: [Place] = backends.flatMap { backend in
        SampleGuest.simple.map { Place(backend: backend, guest: $0) }
    }

    /// The hostile guest on each backend.
    static let hostile: [Place] = backends.map { Place(backend: $0, guest: .dummy) }

    /// One guest on each backend, for what does not depend on the guest.
    static let each: [Place] = backends.map { Place(backend: $0, guest: .c) }
}

/// A guest on a backend.
struct Place: Sendable, CustomTestStringConvertible {
    let backend: Backend
    let guest: SampleGuest

    var testDescription: String { "\(guest.rawValue) on \(backend)" }

    /// Whether guests run at the speed of the processor.
    var isFast: Bool { backend == .kvm }

    /// A builder with a metrics registry of its own.
    func builder() throws -> SandboxBuilder {
        var builder = SandboxBuilder(guest: .image(try guest.image))
        builder.backend = backend
        builder.metrics = MetricsRegistry()
        // A safety net for the tests: nothing here is meant to run that long, be the machine as busy as it may.
        builder.limits.deadline = .seconds(900)
        builder.limits.bootDeadline = .seconds(300)
        return builder
    }

    /// A sandbox, configured by a closure.
    func sandbox(_ configure: (inout SandboxBuilder) -> Void = { _ in }) throws -> Sandbox {
        var builder = try builder()
        configure(&builder)
        return try builder.build()
    }

    /// A sandbox whose host offers `multiply`.
    func multiplyingSandbox(_ configure: (inout SandboxBuilder) -> Void = { _ in }) throws -> Sandbox {
        try sandbox { builder in
            builder.hostFunction("multiply") { (a: Int64, b: Int64) in a &* b }
            configure(&builder)
        }
    }
}

/// Whether a sandbox still does its work.
func expectWorks(_ sandbox: Sandbox, sourceLocation: SourceLocation = #_sourceLocation) {
    do {
        let sum: Int64 = try sandbox.call("add", Int64(20), Int64(22))
        #expect(sum == 42, sourceLocation: sourceLocation)
    } catch {
        Issue.record("\(error)", sourceLocation: sourceLocation)
    }
}

/// Has a spinning guest run into a deadline, which ends it.
///
/// On a busy machine the time may be over before the guest has begun, and nothing is harmed: then again.
@discardableResult
func expectStopped(
    _ sandbox: Sandbox, after deadline: Duration, sourceLocation: SourceLocation = #_sourceLocation
) -> SandboxError? {
    var error: SandboxError?
    for _ in 0..<1_000 where sandbox.status == .ready {
        error = expectFailure(.deadlineExceeded, sourceLocation: sourceLocation) {
            try sandbox.call("spin", deadline: deadline)
        }
    }
    #expect(sandbox.status == .poisoned, sourceLocation: sourceLocation)
    return error
}

/// The error of a call that has to fail with a code.
@discardableResult
func expectFailure(
    _ code: SandboxError.Code, sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Void
) -> SandboxError? {
    do {
        try body()
        Issue.record("nothing was thrown, \(code) was expected", sourceLocation: sourceLocation)
    } catch let error as SandboxError {
        #expect(error.code == code, "\(error)", sourceLocation: sourceLocation)
        return error
    } catch {
        Issue.record("\(error)", sourceLocation: sourceLocation)
    }
    return nil
}
