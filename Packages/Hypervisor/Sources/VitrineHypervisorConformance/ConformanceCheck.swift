// SPDX-License-Identifier: MIT OR Apache-2.0

public import VitrineHypervisor

/// One promise of the hypervisor protocol, checked by running a guest of a few instructions.
///
/// In a backend's tests: `@Test(arguments: ConformanceSuite.all) func conforms(check: ConformanceCheck) throws`.
public struct ConformanceCheck: Sendable, CustomStringConvertible {
    /// What is promised, as a sentence; unique in the suite.
    public let name: String
    /// Declared differences of a backend that relax this check.
    public let relaxedBy: Set<BackendDifference>
    private let body: @Sendable (any Hypervisor) throws(ConformanceFailure) -> Void

    init(
        _ name: String, relaxedBy: Set<BackendDifference> = [],
        _ body: @escaping @Sendable (any Hypervisor) throws(ConformanceFailure) -> Void
    ) {
        self.name = name
        self.relaxedBy = relaxedBy
        self.body = body
    }

    /// Runs the check; milliseconds to a second. Does not probe: a backend that cannot run guests fails every check.
    public func run(_ hypervisor: any Hypervisor) throws(ConformanceFailure) { try body(hypervisor) }

    /// The name.
    public var description: String { name }
}

/// How a backend broke a promise.
public enum ConformanceFailure: Error, Hashable, Sendable {
    /// The guest stopped for another reason than expected.
    case exit(expected: String, actual: VMExit)
    /// A run ended otherwise than expected.
    case outcome(expected: RunOutcome, actual: RunOutcome)
    /// A value that the guest or the exit carried is wrong.
    case value(of: String, expected: String, actual: String)
    /// The hypervisor failed.
    case hypervisor(HypervisorError)
    /// The hypervisor did not fail as it had to.
    case missingError(expected: HypervisorError)
    /// The check itself is wrong about the memory map.
    case memory(GuestMemoryError)
    /// The check itself cannot place its guest.
    case map(MemoryMapError)
}

/// All checks.
public enum ConformanceSuite {
    /// Every check, in the order of the promises.
    public static let all: [ConformanceCheck] =
        PortChecks.all + ExceptionChecks.all + PermissionChecks.all + PrivilegeChecks.all + HostileRegisterChecks.all
        + RunChecks.all + InterruptChecks.all + StateChecks.all + TelemetryChecks.all
}
