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
/// Their target is `vitrine.hypervisor`. An error that an operation throws marks its span and is an event of level
/// `error`, which a subscriber of errors alone gets too; left to the caller, it marks the span only. When nobody
/// listens an operation costs one relaxed load and a branch more.
@_spi(Backend) public struct BackendTelemetry: Sendable {
    private let backend: String
    private let recordsErrors: Bool

    /// The spans of the backend of a name, with an event for each error.
    public init(backend: String) {
        self.init(backend: backend, recordsErrors: true)
    }

    private init(backend: String, recordsErrors: Bool) {
        self.backend = backend
        self.recordsErrors = recordsErrors
    }

    /// The same without events: see `Hypervisor.leavingErrorsToCaller`.
    public var leavingErrorsToCaller: BackendTelemetry { BackendTelemetry(backend: backend, recordsErrors: false) }

    /// Whether anybody listens, if to errors alone.
    public static var isWatched: Bool {
        @inline(__always) get { Telemetry.isEnabled(.error) }
    }

    /// A look whether guests run here.
    public func probe(_ body: () throws(HypervisorError) -> Void) throws(HypervisorError) {
        let result = withSpan("probe", target: "vitrine.hypervisor", [Field("backend", backend)]) { span in
            do throws(HypervisorError) {
                return Result<Void, HypervisorError>.success(try body())
            } catch {
                tell(error, &span)
                return .failure(error)
            }
        }
        try result.get()
    }

    /// The error of an operation, in its span.
    @inline(never)
    fileprivate func tell(_ error: HypervisorError, _ span: inout Span) {
        guard recordsErrors else { return span.setError(String(describing: error)) }
        span.recordError(error)
        span.recordUnheardError(error, target: "vitrine.hypervisor")
    }

    /// The making of a machine: from here until what it gives is dropped.
    public func making(memoryByteCount: Int) -> MakingMachine {
        MakingMachine(
            telemetry: self,
            span: Span(
                "make-machine", target: "vitrine.hypervisor",
                [Field("backend", backend), Field("memory.bytes", memoryByteCount)]))
    }

    /// The span of a machine that is being made.
    public struct MakingMachine: ~Copyable, Sendable {
        fileprivate let telemetry: BackendTelemetry
        fileprivate var span: Span

        /// It cannot be made.
        public mutating func fail(_ error: HypervisorError) { telemetry.tell(error, &span) }
    }

    /// A run of a machine: from here until what it gives is dropped.
    public func running() -> Running {
        Running(telemetry: self, span: Span("run", target: "vitrine.hypervisor", [Field("backend", backend)]))
    }

    /// The span of a machine that runs.
    public struct Running: ~Copyable, Sendable {
        fileprivate let telemetry: BackendTelemetry
        fileprivate var span: Span

        /// The run is over.
        public consuming func end(_ outcome: RunOutcome, exits: UInt64) {
            span.add(Field("exits", exits))
            span.add(Field("outcome", outcome.name))
        }

        /// The machine cannot be run.
        public consuming func fail(_ error: HypervisorError) { telemetry.tell(error, &span) }
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
