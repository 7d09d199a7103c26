// SPDX-License-Identifier: MIT OR Apache-2.0

/// What a guest may use up, and what a flood is cut to.
///
/// A guest that exceeds a telemetry or print limit is not stopped: the surplus is dropped and counted in
/// `guest_telemetry_dropped_total{reason}`. The budgets of a call begin anew with each call.
public struct SandboxLimits: Hashable, Sendable {
    /// How long a call may run that is given no deadline of its own; nil for no limit. Counted from the moment the
    /// guest starts to run, without the time the call waits for its turn; host functions count.
    public var deadline: Duration?
    /// How long the guest may take to initialize: 10 s.
    public var bootDeadline: Duration = .seconds(10)
    /// Span and event records taken in one call: 65,536.
    public var telemetryRecordsPerCall = 65_536
    /// Bytes of span and event records taken in one call: 16 MiB.
    public var telemetryBytesPerCall = 16 << 20
    /// Bytes of printed text taken in one call: 1 MiB.
    public var printBytesPerCall = 1 << 20

    /// The defaults, as the properties name them.
    public init() {}
}
