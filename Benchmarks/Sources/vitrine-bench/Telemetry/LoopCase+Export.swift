// SPDX-License-Identifier: MIT OR Apache-2.0

import BenchmarkHarness
import CBenchmarkProbes
import Dispatch
import Synchronization
import VitrineOTLP
import VitrineOTLPExport
import VitrineObservability

// What an exporter costs who emits, over a subscriber that ignores everything and asks for no times: two readings of the
// clock, 20 ns or 50, are part of it. What its own threads cost is not.
extension LoopCase {
    static let exporting = [
        exporting("span_export", "a span with two fields, taken in by an exporter", EmittingLoops.spansWithFields),
        exporting(
            "span_export_2_threads", "the same on each of two threads", EmittingLoops.spansWithFields,
            onTwoThreads: true),
        exporting(
            "span_event_export", "a span, and an event with two fields in it, taken in by an exporter",
            EmittingLoops.spansWithEvents, goal: nil),
        exporting(
            "span_export_full", "a span with two fields, dropped by an exporter whose receiver is down",
            EmittingLoops.spansWithFields, isDown: true),
        exporting(
            "span_export_full_2_threads", "the same on each of two threads", EmittingLoops.spansWithFields,
            onTwoThreads: true, isDown: true),
    ]

    private static func exporting(
        _ name: String, _ summary: String, _ body: @escaping @Sendable (Int) -> Void, goal: Double? = 100,
        onTwoThreads: Bool = false, isDown: Bool = false
    ) -> LoopCase {
        LoopCase(name: name, summary: summary, goal: goal) {
            let kitchen = Kitchen(isDown: isDown)
            let counted: @Sendable (Int) -> Void = { count in
                body(count)
                kitchen.didEmit(count)
            }
            return Sides(
                subject: onTwoThreads ? .onTwoThreads(counted) : .plain(counted),
                empty: onTwoThreads ? .onTwoThreads(body) : .plain(body),
                prepare: { kitchen.prepare($0) }, countsThread: true, isRight: { kitchen.isRight },
                finish: { kitchen.close() })
        }
    }
}

/// An exporter and its receiver, in turns with a subscriber that does nothing.
private final class Kitchen: Sendable {
    private let exporter: OTLPExporter?
    private let receiver: Receiver
    private let isDown: Bool
    private let emittedCount = Atomic<Int>(0)
    private static let heldCount = 64

    init(isDown: Bool) {
        self.isDown = isDown
        receiver = Receiver(isDown: isDown)
        var configuration = OTLPExportConfiguration()
        configuration.spans.recordCount = isDown ? Self.heldCount : 1 << 20
        configuration.spans.byteCount = 1 << 30
        configuration.spans.batchRecordCount = isDown ? Self.heldCount : 512
        exporter = try? OTLPExporter(
            resource: OTLPResource(serviceName: "kitchen"), transport: receiver, configuration: configuration)
    }

    /// Everything that came before was sent, or its queue is full.
    func prepare(_ side: LoopCase.Side) {
        guard let exporter, side == .subject else { return Telemetry.install(TimelessSubscriber()) }
        Telemetry.install(exporter)
        guard isDown else { return exporter.flush() }
        guard exporter.spanCounts.heldCount < Self.heldCount else { return }
        EmittingLoops.spansWithFields(Self.heldCount)
        didEmit(Self.heldCount)
        _ = exporter.spanCounts
    }

    func didEmit(_ count: Int) { emittedCount.wrappingAdd(count, ordering: .relaxed) }

    /// Whether each span was sent, or is held or dropped as it should be.
    var isRight: Bool {
        guard let counts = exporter?.spanCounts else { return false }
        let emitted = emittedCount.load(ordering: .relaxed)
        if isDown { return counts.heldCount == Self.heldCount && counts.droppedCount == emitted - Self.heldCount }
        return counts.droppedCount == 0 && counts.sentCount + counts.heldCount == emitted
    }

    func close() {
        Telemetry.uninstall()
        receiver.open()
        exporter?.shutdown(withinMilliseconds: 10_000)
    }
}

/// Takes every request at once, or the first one never.
private final class Receiver: OTLPTransport {
    private let isDown: Atomic<Bool>

    init(isDown: Bool) {
        self.isDown = Atomic(isDown)
    }

    func open() { isDown.store(false, ordering: .relaxed) }

    func send(
        _ signal: OTLPSignal, _ body: [UInt8], timeoutMilliseconds: UInt32
    ) throws(OTLPTransportError) -> OTLPResponse {
        while isDown.load(ordering: .relaxed) { DispatchSemaphore(value: 0).waitBriefly() }
        return OTLPResponse(statusCode: 200)
    }
}

extension DispatchSemaphore {
    fileprivate func waitBriefly() { _ = wait(timeout: .now() + .milliseconds(10)) }
}
