// SPDX-License-Identifier: MIT OR Apache-2.0

import VitrineHypervisor
import VitrineObservability
import VitrineTraceFile
import VitrineWire

/// Takes what a guest tells out of its telemetry region, and hands it to subscribers, print handler and trace file.
///
/// Drained at every exit, before anything else is done about it. Total and bounded: no bytes in the region can trap it,
/// and what one call can deliver is limited; the rest is counted.
struct GuestTelemetry: ~Copyable, Sendable {
    let buffers: GuestBuffers
    let onPrint: (@Sendable (String) -> Void)?
    let allocationTrace: AllocationTrace?
    let counters: SandboxMetrics
    var clock = CallClock()
    var spans = SpanAssembler()
    var strings: GuestStrings
    var budget: TelemetryBudget
    /// Of the current call.
    var drops = DropCounts()
    var sequence = SequenceCheck()
    /// Read in this call.
    private var counts = RecordCounts()
    /// Reused for each record's frames.
    var frames: [UInt64] = []
    /// Whether allocation records came in this call.
    var hasAllocations = false
    /// Whether this call has a clock or brought records, so that `finish` has something to do.
    private(set) var hasWork = false
    /// What the control page says now.
    private var level = Level.off
    private var features: GuestABI.Features = []

    init(
        buffers: GuestBuffers, segments: [MemoryRegion], limits: SandboxLimits,
        onPrint: (@Sendable (String) -> Void)?, allocationTrace: AllocationTrace?, counters: SandboxMetrics
    ) {
        self.buffers = buffers
        self.onPrint = onPrint
        self.allocationTrace = allocationTrace
        self.counters = counters
        strings = GuestStrings(segments)
        budget = TelemetryBudget(limits)
    }

    /// The most verbose level anybody wants from here. One relaxed load when nobody does.
    static var wantedLevel: Level {
        guard Telemetry.isEnabled(.error) else { return .off }
        for level in [Level.trace, .debug, .info, .warn] where Telemetry.isEnabled(level) { return level }
        return .error
    }

    /// What the guest should record, as far as it is not what the control page says already.
    ///
    /// - Parameter isWatched: false if the caller has seen that nobody listens.
    @inline(__always)
    mutating func updateSwitches(isWatched: Bool, in memory: inout GuestMemory) {
        if isWatched || level != .off || !hasRightFeatures { writeSwitches(in: &memory) }
    }

    private var hasRightFeatures: Bool { (allocationTrace != nil) == features.contains(.allocations) }

    @inline(never)
    private mutating func writeSwitches(in memory: inout GuestMemory) {
        let level = Self.wantedLevel
        guard level != self.level || !hasRightFeatures else { return }
        self.level = level
        features = level == .off ? [] : .spans
        if allocationTrace != nil { features.insert(.allocations) }
        typealias Offset = GuestABI.ControlOffset
        // The control page is always mapped: a failure would be our own bug, and costs telemetry only.
        try? memory.store(UInt32(level.rawValue), at: buffers.controlField(Offset.maximumLevel))
        try? memory.store(features.rawValue, at: buffers.controlField(Offset.features))
    }

    /// Whether the guest may write records that carry times.
    var needsClock: Bool { level != .off || allocationTrace != nil }

    /// A call begins that may bring timed records: spans hang below the current one.
    mutating func begin(_ clock: GuestClock) {
        hasWork = true
        self.clock.begin(clock)
        spans.begin(root: SpanContext.current)
    }

    /// A host call is over: the guest goes on, and what it tells from now on happens after it.
    mutating func resume(in memory: inout GuestMemory) {
        if needsClock { clock.resume() }
        updateSwitches(isWatched: Telemetry.isEnabled(.error), in: &memory)
    }

    /// Reads all records and empties the region. One load when there are none.
    @inline(__always)
    mutating func drain(_ memory: inout GuestMemory) {
        let used = try? memory.load(UInt64.self, at: buffers.telemetryByte(GuestABI.TelemetryOffset.used))
        if used != 0 { drainRecords(&memory) }
    }

    @inline(never)
    private mutating func drainRecords(_ memory: inout GuestMemory) {
        guard let header = header(in: memory) else { return }
        if !hasWork {
            // Records that nobody asked for have no call to lie in: they are of this moment.
            clock.resume()
            hasWork = true
        }
        clock.stop()
        read(header, memory)
        try? memory.store(UInt64(0), at: buffers.telemetryByte(GuestABI.TelemetryOffset.used))
        clock.resume()
    }

    /// A call is over, however it ended. The next one has new budgets.
    mutating func finish() {
        hasWork = false
        budget.renew()
        counters.countRecords(counts)
        counts = RecordCounts()
        if !spans.isEmpty {
            clock.stop()
            spans.finish(at: clock.end)
        } else if spans.root != nil {
            spans.begin(root: nil)
        }
        if hasAllocations {
            allocationTrace?.flush()
            hasAllocations = false
        }
        guard !drops.isEmpty else { return }
        counters.countDrops(drops)
        allocationTrace?.dropped(drops.count(.guestBufferFull), .guestBufferFull)
        event(
            "guest telemetry was dropped", target: "vitrine.host", level: .warn,
            fields: DropReason.allCases.filter { drops.count($0) > 0 }.map { Field($0.rawValue, drops.count($0)) })
        drops.reset()
    }

    private func header(in memory: borrowing GuestMemory) -> TelemetryHeader? {
        let byteCount = GuestABI.TelemetryOffset.byteCount
        guard let bytes = try? memory.bytes(at: buffers.telemetryByte(0), byteCount: byteCount) else { return nil }
        return try? TelemetryHeader(reading: bytes)
    }

    private mutating func read(_ header: TelemetryHeader, _ memory: borrowing GuestMemory) {
        guard let region = try? memory.bytes(at: buffers.telemetryByte(0), byteCount: buffers.telemetryByteCount)
        else { return }
        guard let range = header.recordRange(regionByteCount: region.byteCount) else {
            drops.add(1, .malformed)
            return
        }
        let records = region.extracting(range)
        var reader = TelemetryRecordReader(records)
        while let item = reader.next() {
            switch item {
            case .record(let record):
                sequence.didRead(record.sequence)
                counts.add(record.content)
                if let reason = take(record, records, memory) { drops.add(1, reason) }
            case .malformed:
                counts.addMalformed()
                sequence.didFindMalformed()
                drops.add(1, .malformed)
            }
        }
        sequence.settle(header, into: &drops)
    }
}
