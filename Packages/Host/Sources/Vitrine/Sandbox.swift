// SPDX-License-Identifier: MIT OR Apache-2.0

import Synchronization
import VitrineELF
import VitrineHypervisor
import VitrineObservability
import VitrineWire

/// A guest program, booted in a virtual machine of its own.
///
/// Call its functions with `call`, from any thread: calls run one at a time, in the order they come. Keep sandboxes in
/// arrays, dictionaries or actors as you like. A guest that crashes, breaks the protocol, runs past a deadline or is
/// cancelled poisons its sandbox, nothing else: later calls fail at once, and a new sandbox is about a
/// millisecond away. Dropping the last reference frees the machine.
public final class Sandbox: Sendable {
    /// Whether calls can succeed.
    public enum Status: Hashable, Sendable {
        /// The guest waits for calls, or runs one.
        case ready
        /// A call ended in a way after which the guest cannot be trusted: every later call fails with `poisoned`.
        case poisoned
    }

    /// Its number in this process, from 1 in the order of building: what spans call it. A build whose guest does not start
    /// uses one up.
    public let id: UInt64
    /// The name of the backend it runs on, such as `kvm` or `emulator`.
    public let backendName: String
    /// The guest's image.
    public let image: GuestImage
    /// The file its allocations are recorded in; nil if they are not.
    public let allocationTracePath: String?

    let gate: CallGate
    let machine: MachineCell
    let interruptHandle: InterruptHandle
    let defaultDeadline: Duration?
    /// Whether the program sees what the guest prints.
    let hasPrintHandler: Bool
    let metrics: SandboxMetrics
    private let map: MemoryMap
    private let isPoisoned = Atomic<Bool>(false)

    /// Loads and boots the guest.
    init(
        _ builder: SandboxBuilder, image: GuestImage, hypervisor: any Hypervisor, since start: MonotonicInstant
    ) throws(SandboxError) {
        let gate = CallGate()
        let metrics = builder.instruments
        let trace = try builder.allocationTrace?.open(for: image)
        let making = Span("make-memory", target: "vitrine.host", level: .trace)
        let memory = try image.makeMemory(sizes: builder.memory, features: trace == nil ? [] : .allocations)
        making.end()
        let map = memory.map
        let buffers = GuestBuffers(map)
        let telemetry = GuestTelemetry(
            buffers: buffers, segments: map.imageSegments, limits: builder.limits,
            onPrint: builder.onPrint,
            allocationTrace: trace, counters: metrics)
        let session = GuestSession(
            buffers: buffers, metrics: metrics, hostFunctions: HostFunctionTable(builder.hostFunctions),
            telemetry: telemetry)
        let entry = GuestAddress(rawValue: image.elf.entry)
        let interrupt: InterruptHandle
        var booted: SandboxMachine
        do throws(HypervisorError) {
            let vm = try hypervisor.makeMachine(memory: memory, entry: entry)
            interrupt = vm.interruptHandle
            booted = SandboxMachine(machine: vm, session: session, metrics: metrics)
        } catch {
            throw .system(
                "the \(hypervisor.name) backend cannot make a machine", underlying: error,
                advice: "Too many open files or too little memory, if others could be made before.")
        }
        // Before the guest starts, so that what it tells at its start is known to be this sandbox's.
        let number = Self.count.wrappingAdd(1, ordering: .relaxed).newValue
        id = number
        do throws(SandboxError) {
            try withSpan(
                "call-to-guest", target: "vitrine.host", [Field("function", "start"), Field("sandbox.id", number)]
            ) { () throws(SandboxError) in
                try booted.boot(deadline: builder.limits.bootDeadline)
            }
        } catch {
            metrics.calls.count(error, isPoisoned: booted.poison != nil)
            throw error
        }
        backendName = hypervisor.name
        self.image = image
        allocationTracePath = trace?.path
        self.gate = gate
        self.metrics = metrics
        interruptHandle = interrupt
        defaultDeadline = builder.limits.deadline
        hasPrintHandler = builder.onPrint != nil
        machine = MachineCell(booted)
        self.map = map
        metrics.countCreated(after: .nanoseconds(MonotonicInstant.now.nanoseconds &- start.nanoseconds), map)
    }

    deinit {
        metrics.countDropped(map)
        event("sandbox dropped", target: "vitrine.host", level: .debug, [Field("sandbox.id", id)])
    }

    /// Sandboxes whose guests were started so far.
    private static let count = Atomic<UInt64>(0)

    /// Whether calls can succeed. Another thread may change that at any time.
    public var status: Status { isPoisoned.load(ordering: .relaxed) ? .poisoned : .ready }

    /// Cancels the call in progress, from any thread: it ends with `cancelled`, and the sandbox is poisoned unless the
    /// guest had not yet begun to run.
    ///
    /// Calls that wait for their turn are not touched. A call that has just finished is not disturbed.
    ///
    /// - Returns: whether there was a call in progress.
    @discardableResult
    public func cancel() -> Bool {
        withSpan("cancel", target: "vitrine.host", [Field("sandbox.id", id)]) { span in
            let wasRunning = gate.cancelCurrent { interruptHandle.cancel() }
            span.add(Field("was_running", wasRunning))
            return wasRunning
        }
    }

    /// Remembers that the machine has ended its guest.
    func notePoison(by code: SandboxError.Code) {
        guard !isPoisoned.exchange(true, ordering: .relaxed) else { return }
        metrics.countPoisoned(by: code)
    }
}
