// SPDX-License-Identifier: MIT OR Apache-2.0

import HTTPTypes
import Hummingbird
import HummingbirdCore
public import Logging
import NIOCore
public import ServiceLifecycle
import Synchronization
public import VitrineObservability

/// An HTTP server with two pages: `/metrics`, in the format and encoding that the scraper asks for, and `/healthz`.
///
/// It runs until its task is cancelled or its service group shuts down gracefully; then requests under way are answered. It
/// listens on this machine alone unless told otherwise: there is neither TLS nor a password.
///
/// ```swift
/// let endpoint = try PrometheusEndpoint(registry)
/// try await ServiceGroup(services: [endpoint], logger: logger).run()
/// ```
///
/// What one can cost it is bounded by the configuration: connections, the size of a head, and times for a request and between
/// requests. Bodies are not read. It works on NIO's shared threads, and renders off them.
public final class PrometheusEndpoint: Service {
    /// Where it listens and what it shows.
    public let configuration: PrometheusEndpointConfiguration
    private let pages: PrometheusPages
    private let logger: Logger

    private enum State {
        case new, starting
        case bound(Int)
        case stopped
    }

    private struct Shared {
        var state = State.new
        var waiters: [CheckedContinuation<Result<Int, PrometheusEndpointError>, Never>] = []
    }

    private let shared = Mutex(Shared())

    /// An endpoint that does not listen yet; throws `.configuration` if a value is out of its range.
    ///
    /// - Parameters:
    ///   - registry: what is shown.
    ///   - configuration: where it listens.
    ///   - logger: what the server says of itself; by default nothing.
    public init(
        _ registry: MetricsRegistry = .shared,
        configuration: PrometheusEndpointConfiguration = PrometheusEndpointConfiguration(),
        logger: Logger = Logger(label: "vitrine.prometheus") { _ in SwiftLogNoOpLogHandler() }
    ) throws(PrometheusEndpointError) {
        try configuration.validate()
        self.configuration = configuration
        self.logger = logger
        pages = PrometheusPages(
            registry, target: configuration.target, checks: configuration.checks,
            compressionLevel: configuration.compressionLevel)
    }

    /// Serves until the task is cancelled or the group shuts down. Throws `.bind` or `.unknownHost` if it cannot listen, and
    /// `.alreadyRun` the second time.
    public func run() async throws {
        let isFirst = shared.withLock { shared in
            guard case .new = shared.state else { return false }
            shared.state = .starting
            return true
        }
        guard isFirst else { throw PrometheusEndpointError.alreadyRun }
        defer { change(to: .stopped) }
        do {
            try await application.run()
        } catch let error as IOError {
            throw PrometheusEndpointError.bind(
                host: configuration.host, port: configuration.port, errno: error.errnoCode)
        } catch is SocketAddressError.UnknownHost {
            throw PrometheusEndpointError.unknownHost(configuration.host)
        }
    }

    /// The port that it listens on, as soon as it does: of use with port 0. Throws `.notBound` if it stops before. Call it of an
    /// endpoint that is or will be run: it waits for that, also when its own task is cancelled.
    public func waitUntilBound() async throws(PrometheusEndpointError) -> Int {
        try await withCheckedContinuation { continuation in
            let known: Result<Int, PrometheusEndpointError>? = shared.withLock { shared in
                switch shared.state {
                case .bound(let port): return .success(port)
                case .stopped: return .failure(.notBound)
                case .new, .starting:
                    shared.waiters.append(continuation)
                    return nil
                }
            }
            if let known { continuation.resume(returning: known) }
        }.get()
    }

    private func change(to state: State) {
        let waiters = shared.withLock { shared in
            shared.state = state
            defer { shared.waiters = [] }
            return shared.waiters
        }
        for waiter in waiters {
            if case .bound(let port) = state {
                waiter.resume(returning: .success(port))
            } else {
                waiter.resume(returning: .failure(.notBound))
            }
        }
    }

    private var application: some ApplicationProtocol {
        let configuration = configuration
        let pages = pages
        let connections = OpenConnections(maximumCount: configuration.maximumConnectionCount)
        // Two paths need no router.
        let responder = CallbackResponder<BasicRequestContext> { request, _ in
            switch request.uri.path {
            case configuration.metricsPath: await pages.metrics(for: request)
            case configuration.healthPath: await pages.health(for: request)
            default: PrometheusPages.plain(.notFound, "see \(configuration.metricsPath)\n")
            }
        }
        return Application(
            responder: responder,
            server: .http1(
                configuration: HTTP1Channel.Configuration(
                    additionalChannelHandlers: [
                        ConnectionDeadlines(
                            request: configuration.requestTimeout, idle: configuration.idleTimeout,
                            connections: connections)
                    ],
                    httpDecoderConfiguration: HTTP1Channel.Configuration.DecoderConfiguration(
                        maxHeaderFieldSize: configuration.maximumHeaderByteCount,
                        maxHeaderListSize: configuration.maximumHeaderByteCount,
                        maxHeaderFieldCount: 100))),
            configuration: ApplicationConfiguration(
                address: .hostname(configuration.host, port: configuration.port),
                availableConnectionsDelegate: .maximum(configuration.maximumConnectionCount, logger: logger)),
            onServerRunning: { [weak self] channel in
                if let port = channel.localAddress?.port { self?.change(to: .bound(port)) }
            },
            logger: logger)
    }
}
