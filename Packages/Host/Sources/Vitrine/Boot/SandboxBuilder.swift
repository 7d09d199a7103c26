// SPDX-License-Identifier: MIT OR Apache-2.0

import VitrineHypervisor
public import VitrineObservability
public import VitrineWire

/// Describes a sandbox: which guest, how much of everything, and what it may call. `build()` boots one.
///
/// A value: copies are independent, and one builder can build any number of sandboxes.
public struct SandboxBuilder: Sendable {
    /// The guest.
    public var guest: GuestSource
    /// The sizes of the memory regions.
    public var memory = SandboxMemory.default
    /// Deadlines, and what telemetry and prints are cut to.
    public var limits = SandboxLimits()
    /// What runs the guest.
    public var backend = Backend.automatic
    /// Gets what the guest prints, in pieces as the guest wrote them, on the thread that runs the call and in the middle
    /// of it: return quickly. UTF-8 is repaired, nothing is escaped, and the text is the guest's: mind your terminal.
    /// Nil, the default, discards it.
    public var onPrint: (@Sendable (String) -> Void)?
    /// Records every allocation of the guest, with its stack, into a trace file for `trace_dump`; nil for none.
    public var allocationTrace: AllocationTraceTarget?
    /// Who counts: by default the recorder that `Metrics.install` or a scope of `Metrics.withRecorder` had put in place when
    /// the builder was made, which is the no-op one if nobody has.
    public var metrics: any MetricsRecorder {
        didSet { instruments = SandboxMetrics(metrics, hasDurations: recordsCallDurations) }
    }
    /// Whether to record how long each guest function and each host function takes, as
    /// `guest_call_duration_seconds{function_name}` and `host_call_duration_seconds{function_name}`. Off by default: it
    /// costs two readings of the clock and a look-up by name for each call, and a histogram for each name.
    public var recordsCallDurations = false {
        didSet { instruments = SandboxMetrics(metrics, hasDurations: recordsCallDurations) }
    }

    private(set) var instruments: SandboxMetrics
    @usableFromInline
    var hostFunctions: [HostFunction] = []

    /// A builder of sandboxes of one guest.
    public init(guest: GuestSource) {
        self.guest = guest
        metrics = Metrics.recorder
        instruments = SandboxMetrics(metrics, hasDurations: false)
    }

    /// Lets the guest call a function of the host.
    ///
    /// The types of the parameters and of the result are those of the closure; they have to be the guest's exactly. The
    /// closure runs on the thread that runs the call, while the guest waits. What it throws reaches the guest as an
    /// error with its description, and, if the guest's function fails of it, the caller as `hostFunctionFailed`. It may
    /// call other sandboxes, not the one it serves.
    ///
    /// - Parameters:
    ///   - name: at most 256 bytes of UTF-8, used once.
    ///   - body: up to ten parameters of `Int32`, `UInt32`, `Int64`, `UInt64`, `Float`, `Double`, `Bool`, `String` or
    ///     `[UInt8]`, and a result of one of these types.
    @inlinable
    public mutating func hostFunction<each Parameter: WireValue, Result: WireValue>(
        _ name: String,
        _ body: @escaping @Sendable (repeat each Parameter) throws -> Result
    ) {
        hostFunctions.append(HostFunction(name: name, body: body))
    }

    /// The same for a function without a result.
    @inlinable
    public mutating func hostFunction<each Parameter: WireValue>(
        _ name: String,
        _ body: @escaping @Sendable (repeat each Parameter) throws -> Void
    ) {
        let answering: @Sendable (repeat each Parameter) throws -> WireVoid = { (values: repeat each Parameter) in
            try body(repeat each values)
            return WireVoid()
        }
        hostFunctions.append(HostFunction(name: name, body: answering))
    }

    /// Boots a sandbox: loads the guest and lets it initialize, so that the first call finds it ready.
    ///
    /// Blocks for about a millisecond on KVM, and for as long as the guest takes to initialize. Throws whatever
    /// is wrong with the configuration, the image, the machine, or the guest's start.
    public func build() throws(SandboxError) -> Sandbox {
        try withSpan("build", target: "vitrine.host") { (span) throws(SandboxError) in
            let start = MonotonicInstant.now
            // What is wrong with an image is told by the loading of it.
            let image = try guest.image()
            span.add(Field("guest", image.name))
            do throws(SandboxError) {
                return try build(image, since: start, &span)
            } catch {
                span.recordUnheardError(error, target: "vitrine.host")
                throw error
            }
        }
    }

    private func build(
        _ image: GuestImage, since start: MonotonicInstant, _ span: inout VitrineObservability.Span
    ) throws(SandboxError) -> Sandbox {
        try check()
        let hypervisor = try withSpan("select-backend", target: "vitrine.host", level: .trace) {
            () throws(SandboxError) in try BackendSelection.hypervisor(for: backend)
        }
        span.add(Field("backend", hypervisor.name))
        let sandbox = try Sandbox(self, image: image, hypervisor: hypervisor, since: start)
        span.add(Field("sandbox.id", sandbox.id))
        return sandbox
    }

    /// Checks what no later step would.
    private func check() throws(SandboxError) {
        var names: Set<String> = []
        for function in hostFunctions {
            guard names.insert(function.name).inserted else {
                throw .invalidConfiguration(
                    "two host functions are named “\(Self.readable(function))”", advice: "Rename one.")
            }
            guard 1...GuestABI.Limit.nameBytes ~= function.name.utf8.count else {
                throw .invalidConfiguration(
                    "the host function's name “\(Self.readable(function))” has \(function.name.utf8.count) bytes",
                    advice: "Use 1 to \(GuestABI.Limit.nameBytes).")
            }
            guard function.parameterTypes.count <= GuestABI.Limit.parameters else {
                throw .invalidConfiguration(
                    "the host function “\(Self.readable(function))” has \(function.parameterTypes.count) parameters",
                    advice: "Use \(GuestABI.Limit.parameters) at most; pass more as bytes.")
            }
        }
        for (name, byteCount) in [("input", memory.input), ("output", memory.output)] {
            guard byteCount > 2 * GuestBuffers.replyReserveByteCount else {
                throw .invalidConfiguration("`memory.\(name)` is \(byteCount) bytes", advice: "Use one page at least.")
            }
        }
    }

    private static func readable(_ function: HostFunction) -> String {
        GuestText.escaped(GuestText.bounded(function.name, maximumByteCount: 64))
    }
}
