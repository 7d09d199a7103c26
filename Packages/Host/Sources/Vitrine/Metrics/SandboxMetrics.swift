// SPDX-License-Identifier: MIT OR Apache-2.0

import VitrineHypervisor
import VitrineObservability

/// The instruments of the sandboxes of one builder, asked for once and used without any look-up on the way of a call.
///
/// A class, so that sandboxes, and the parts of each, share one; all its parts are constants. With the no-op recorder
/// each use costs a branch.
final class SandboxMetrics: Sendable {
    let exits: ExitMetrics
    let calls: CallMetrics
    private let alive: UpDownCounter
    private let created: Counter
    private let createDuration: Histogram
    private let poisonings: CounterFamily
    private let memory: UpDownCounterFamily
    private let erroneousKicks: Counter
    private let telemetryRecords: CounterFamily
    private let telemetryDrops: CounterFamily

    /// - Parameter hasDurations: whether to record how long each function takes, by name.
    init(_ recorder: any MetricsRecorder, hasDurations: Bool) {
        exits = ExitMetrics(recorder)
        calls = CallMetrics(recorder, hasDurations: hasDurations)
        alive = recorder.upDownCounter("sandboxes_alive", help: "Sandboxes that were built and not dropped yet.")
        created = recorder.counter("sandboxes_created_total", help: "Sandboxes that were built.")
        createDuration = recorder.histogram(
            "sandbox_create_duration_seconds", unit: .seconds,
            help: "How long it took to build a sandbox, its guest's start included.")
        poisonings = recorder.counterFamily(
            MetricDescriptor(
                "sandboxes_poisoned_total",
                help: "Sandboxes whose guest cannot run any more, by the error that ended it."),
            labelNames: ["code"])
        memory = recorder.upDownCounterFamily(
            MetricDescriptor(
                "guest_memory_bytes", unit: .bytes, help: "Guest memory of the sandboxes alive, mapped or not, by kind."
            ),
            labelNames: ["kind"])
        erroneousKicks = recorder.counter(
            "erroneous_vcpu_kicks_total", help: "Signals that stopped a vCPU without a cause, and were ignored.")
        telemetryRecords = recorder.counterFamily(
            MetricDescriptor("guest_telemetry_records_total", help: "Telemetry records read from guests, by kind."),
            labelNames: ["kind"])
        telemetryDrops = recorder.counterFamily(
            MetricDescriptor(
                "guest_telemetry_dropped_total", help: "Guest telemetry records that were not delivered, by reason."),
            labelNames: ["reason"])
    }

    /// A sandbox is there.
    func countCreated(after duration: Duration, _ map: MemoryMap) {
        created.increment()
        alive.increment()
        createDuration.record(duration.seconds)
        for (kind, byteCount) in Self.kinds(of: map) { memory.add(byteCount, kind) }
    }

    /// It is gone.
    func countDropped(_ map: MemoryMap) {
        alive.decrement()
        for (kind, byteCount) in Self.kinds(of: map) { memory.add(-byteCount, kind) }
    }

    /// Its guest cannot run any more.
    func countPoisoned(by code: SandboxError.Code) {
        poisonings.increment(code.name)
    }

    /// Counts kicks without a cause.
    func countErroneousKicks(_ count: UInt64) {
        erroneousKicks.increment(by: count)
    }

    /// Counts the records of one look at the region, by kind.
    func countRecords(_ counts: RecordCounts) {
        counts.each { kind, count in telemetryRecords.increment(by: count, kind) }
    }

    /// Counts telemetry that was not delivered.
    func countDrops(_ drops: DropCounts) {
        for reason in DropReason.allCases where drops.count(reason) > 0 {
            telemetryDrops.increment(by: drops.count(reason), reason.rawValue)
        }
    }

    private static func kinds(of map: MemoryMap) -> [(String, Int64)] {
        let buffers: [(String, MemoryRegion.Kind)] = [
            ("input", .input), ("output", .output), ("telemetry", .telemetry), ("heap", .heap), ("stack", .stack),
        ]
        let image = map.imageSegments.reduce(Int64(0)) { $0 + Int64($1.byteCount) }
        return buffers.map { ($0.0, Int64(map.region($0.1).byteCount)) } + [("image", image)]
    }
}

extension Duration {
    /// The duration as Prometheus wants it.
    var seconds: Double {
        let (seconds, attoseconds) = components
        return Double(seconds) + Double(attoseconds) * 1e-18
    }
}
