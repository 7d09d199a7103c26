// SPDX-License-Identifier: MIT OR Apache-2.0

internal import VitrineObservability

/// The spans of a backend: each operation is one, named after it, below the caller's current span.
///
/// | span | level | fields |
/// |---|---|---|
/// | `probe` | info | `backend` |
/// | `make-machine` | info | `backend`, `memory.bytes` |
/// | `run` | info | `backend`, `exits`, `outcome`: `stopped`, `cancelled` or `deadline_exceeded` |
///
/// Their target is `vitrine.hypervisor`. An error that an operation throws is recorded in its span. When nobody listens
/// an operation costs one relaxed load and a branch more.
@_spi(Backend) public struct BackendTelemetry: Sendable {
    private let backend: String

    /// The spans of the backend of a name.
    public init(backend: String) {
        self.backend = backend
    }

    /// Whether anybody listens.
    public static var isWatched: Bool {
        @inline(__always) get { Telemetry.isEnabled(.info) }
    }

    /// A look whether guests run here.
    public func probe(_ body: () throws(HypervisorError) -> Void) throws(HypervisorError) {
        try withSpan("probe", target: "vitrine.hypervisor", [Field("backend", backend)], body)
    }

    /// The making of a machine: from here until what it gives is dropped.
    public func making(memoryByteCount: Int) -> MakingMachine {
        MakingMachine(
            span: Span(
                "make-machine", target: "vitrine.hypervisor",
                [Field("backend", backend), Field("memory.bytes", memoryByteCount)]))
    }

    /// The span of a machine that is being made.
    public struct MakingMachine: ~Copyable, Sendable {
        fileprivate var span: Span

        /// It cannot be made.
        public mutating func fail(_ error: HypervisorError) { span.recordError(error) }
    }

    /// A run of a machine: from here until what it gives is dropped.
    public func running() -> Running {
        Running(span: Span("run", target: "vitrine.hypervisor", [Field("backend", backend)]))
    }

    /// The span of a machine that runs.
    public struct Running: ~Copyable, Sendable {
        fileprivate var span: Span

        /// The run is over.
        public consuming func end(_ outcome: RunOutcome, exits: UInt64) {
            span.add(Field("exits", exits))
            span.add(Field("outcome", outcome.name))
        }

        /// The machine cannot be run.
        public consuming func fail(_ error: HypervisorError) { span.recordError(error) }
    }
}

extension RunOutcome {
    /// The outcome as a field's value.
    fileprivate var name: String {
        switch self {
        case .stopped: "stopped"
        case .cancelled: "cancelled"
        case .deadlineExceeded: "deadline_exceeded"
        }
    }
}
