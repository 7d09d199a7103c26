// SPDX-License-Identifier: MIT OR Apache-2.0

import Logging
import ServiceLifecycle
import Synchronization
import Testing
import VitrineOTLP
import VitrineOTLPExport
import VitrineObservability
import VitrineOpenTelemetry

/// Emits while it stops, as servers do.
private struct Server: Service {
    let telemetry: OpenTelemetry
    let started: AsyncStream<Void>.Continuation

    func run() async throws {
        started.yield()
        try await gracefulShutdown()
        guard let exporter = telemetry.exporter else { return }
        await Telemetry.withSubscriber(exporter) { await withSpan("last order") { await Task.yield() } }
    }
}

@Suite("OpenTelemetry, service")
struct OpenTelemetryServiceTests {
    private func start(
        _ transport: KeepingTransport, timeoutMilliseconds: UInt32,
        _ onShutdown: @escaping @Sendable (OTLPShutdownReport) -> Void
    ) throws -> OpenTelemetry {
        var configuration = OpenTelemetryConfiguration()
        configuration.shutdownTimeoutMilliseconds = timeoutMilliseconds
        // No metrics but the last, be the machine as busy as it may.
        configuration.export.metricsIntervalMilliseconds = 3_600_000
        return try OpenTelemetry.start(
            configuration, metrics: MetricsRegistry(), transport: transport, onShutdown: onShutdown)
    }

    /// Runs a group with a server until both have been started, and ends it.
    private func runGroup(_ telemetry: OpenTelemetry) async throws {
        let (starts, started) = AsyncStream.makeStream(of: Void.self)
        let group = ServiceGroup(
            services: [telemetry, Server(telemetry: telemetry, started: started)],
            logger: Logger(label: "group") { _ in SwiftLogNoOpLogHandler() })
        async let end: Void = group.run()
        for await _ in starts { break }
        await group.triggerGracefulShutdown()
        try await end
    }

    @Test("sends what the services behind it emit while they stop, and reports once")
    func group() async throws {
        let transport = KeepingTransport()
        let reports = Mutex<[OTLPShutdownReport]>([])
        let telemetry = try start(transport, timeoutMilliseconds: 600_000) { report in
            reports.withLock { $0.append(report) }
        }
        try await runGroup(telemetry)
        #expect(transport.texts(.traces).count { $0.contains("last order") } == 1)
        #expect(transport.texts(.metrics).count == 1)
        telemetry.shutdown()
        let report = try #require(reports.withLock { $0.first })
        #expect(reports.withLock { $0.count } == 1)
        #expect(report.unsentSpanCount == 0)
        #expect(report.spans.sentCount == 1)
    }

    @Test("ends without an error where nobody takes anything")
    func down() async throws {
        let transport = KeepingTransport(.failure(.connection(reason: "refused")))
        let reports = Mutex<[OTLPShutdownReport]>([])
        let telemetry = try start(transport, timeoutMilliseconds: 100) { report in
            reports.withLock { $0.append(report) }
        }
        try await runGroup(telemetry)
        let report = try #require(reports.withLock { $0.first })
        #expect(report.unsentSpanCount == 1)
        #expect(report.isMissingLastMetrics)
    }

    @Test("shuts down when its task is cancelled")
    func cancelled() async throws {
        let transport = KeepingTransport()
        let reports = Mutex<[OTLPShutdownReport]>([])
        let telemetry = try start(transport, timeoutMilliseconds: 600_000) { report in
            reports.withLock { $0.append(report) }
        }
        let running = Task { await telemetry.run() }
        running.cancel()
        await running.value
        #expect(reports.withLock { $0.count } == 1)
    }

    @Test("runs until the end of the group though it was shut down before, and reports once")
    func afterShutdown() async throws {
        let transport = KeepingTransport()
        let reports = Mutex<[OTLPShutdownReport]>([])
        let telemetry = try start(transport, timeoutMilliseconds: 600_000) { report in
            reports.withLock { $0.append(report) }
        }
        telemetry.shutdown()
        try await runGroup(telemetry)
        #expect(reports.withLock { $0.count } == 1)
        #expect(transport.texts(.traces).isEmpty)
    }

    @Test("runs until the end of the group though it is disabled")
    func disabled() async throws {
        var configuration = OpenTelemetryConfiguration()
        configuration.isDisabled = true
        let telemetry = try OpenTelemetry.start(configuration)
        // A service that returned by itself would have the group throw.
        try await runGroup(telemetry)
        #expect(telemetry.shutdown() == nil)
    }
}
