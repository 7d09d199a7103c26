// SPDX-License-Identifier: MIT OR Apache-2.0

internal import AsyncHTTPClient
internal import Dispatch
internal import NIOCore
internal import NIOPosix
internal import Synchronization
internal import VitrineGzip
public import VitrineOTLP
public import VitrineOTLPExport

/// Carries requests to receivers over HTTP/1.1 and TLS.
///
/// Exporters may share one, and any number of threads: no request waits for another. It keeps connections open for up to a
/// minute, follows no redirects and repeats nothing by itself.
///
/// It emits nothing, neither here nor on the threads it works on, which are those that SwiftNIO shares in the process:
/// in a program that switches these off (`NIOSingletons.singletonsEnabledSuggestion`) NIO traps when one is made.
public final class OTLPHTTPTransport: OTLPTransport {
    let client: HTTPClient
    private let traces: RequestMaker
    private let metrics: RequestMaker
    private let logs: RequestMaker
    private let isShutDown = Mutex(false)

    /// A transport. Connects to nobody yet, but reads the files of TLS.
    public init(_ configuration: OTLPHTTPConfiguration) throws(OTLPHTTPError) {
        traces = try RequestMaker(configuration.traces)
        metrics = try RequestMaker(configuration.metrics)
        logs = try RequestMaker(configuration.logs)
        // One event loop for all of it. On several, async-http-client 1.37 hears on the one that a request has gone out on another,
        // and when the receiver has answered and closed between the two it releases a connection that it has forgotten: it traps.
        client = HTTPClient(
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton.next(), configuration: Self.clientConfiguration)
    }

    deinit {
        beginShutdown {}
    }

    static var clientConfiguration: HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration()
        configuration.httpVersion = .http1Only
        configuration.redirectConfiguration = .disallow
        // Each request has its own time; this is for connections whose request has given up.
        configuration.timeout.connect = .seconds(30)
        configuration.connectionPool.idleTimeout = .seconds(60)
        // Trying again is the exporter's.
        configuration.connectionPool.retryConnectionEstablishment = false
        // No spans about sending spans.
        configuration.tracing.tracer = nil
        return configuration
    }

    /// Posts a body and waits for the answer, for no longer than it is told. Not to be called on an event loop.
    public func send(
        _ signal: OTLPSignal, _ body: [UInt8], timeoutMilliseconds: UInt32
    ) throws(OTLPTransportError) -> OTLPResponse {
        let target =
            switch signal {
            case .traces: traces
            case .metrics: metrics
            case .logs: logs
            }
        let deadline = NIODeadline.now() + .milliseconds(Int64(timeoutMilliseconds))
        let request = target.request(body)
        let reader = AnswerReader()
        let task = client.execute(request: request, delegate: reader, deadline: deadline)
        task.futureResult.whenFailure { reader.finish($0) }
        switch reader.wait(until: deadline, giveUp: { task.cancel() }) {
        case .success(let answer): return answer.response
        case .failure(let error): throw ConnectionFailure.error(error, target.url.authority)
        }
    }

    /// Closes all connections and returns when they are closed, after a second at the latest. Requests under way fail, and all
    /// that come later.
    public func shutdown() {
        let semaphore = DispatchSemaphore(value: 0)
        beginShutdown { semaphore.signal() }
        // An event loop that waited would keep the connections from closing.
        guard MultiThreadedEventLoopGroup.currentEventLoop == nil else { return }
        _ = semaphore.wait(timeout: .now() + .seconds(1))
    }

    private func beginShutdown(_ done: @escaping @Sendable () -> Void) {
        let isFirst = isShutDown.withLock { isShutDown in
            defer { isShutDown = true }
            return !isShutDown
        }
        guard isFirst else { return done() }
        client.shutdown { _ in done() }
    }
}
