// SPDX-License-Identifier: MIT OR Apache-2.0

import HTTPTypes
public import Hummingbird
public import VitrineObservability
public import VitrinePrometheus

/// The answers of an endpoint: the metrics of a registry, and whether the process is healthy.
///
/// For an application of your own that hummingbird serves; `PrometheusEndpoint` is one that has nothing else.
///
/// ```swift
/// let router = Router()
/// router.addPrometheus(PrometheusPages(registry))
/// ```
///
/// A copy is the same pages: all of them render one after the other.
public struct PrometheusPages: Sendable {
    private let renderer: ScrapeRenderer
    private let checks: [HealthCheck]

    /// How long all checks together may take.
    private static let checkLimit = Duration.seconds(5)

    /// Pages that have prepared nothing yet.
    ///
    /// - Parameters:
    ///   - registry: what is shown.
    ///   - target: what is scraped; if given, shown as `target_info`.
    ///   - checks: what is looked at for `/healthz`; none is healthy.
    ///   - compressionLevel: how hard zlib tries for those who take gzip, 1 to 9; another number counts as the nearest.
    public init(
        _ registry: MetricsRegistry = .shared,
        target: PrometheusTarget? = nil,
        checks: [HealthCheck] = [],
        compressionLevel: Int = 3
    ) {
        renderer = ScrapeRenderer(registry, target: target, compressionLevel: min(max(compressionLevel, 1), 9))
        self.checks = checks
    }

    /// Answers GET and HEAD with the metrics, in the format and the encoding that the request's headers ask for, and other
    /// methods with 405.
    public func metrics(for request: Request) async -> Response {
        guard Self.isRead(request) else { return Self.notAllowed }
        let accept = request.headers[values: .accept].joined(separator: ",")
        let format = PrometheusFormat.negotiated(accept: accept)
        let encodings = request.headers[values: .acceptEncoding].joined(separator: ",")
        let (bytes, isCompressed) = await renderer.body(
            format, compressed: PrometheusFormat.acceptsGzip(acceptEncoding: encodings))
        var headers: HTTPFields = [
            .contentType: format.contentType, .vary: "Accept, Accept-Encoding", .cacheControl: "no-store",
        ]
        if isCompressed { headers[.contentEncoding] = "gzip" }
        return Self.answer(request, Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: bytes)))
    }

    /// Answers GET and HEAD with 200 and `ok`, or with 503 and a line for each failing check; other methods with 405.
    public func health(for request: Request) async -> Response {
        guard Self.isRead(request) else { return Self.notAllowed }
        let report = await HealthReport(checks, within: Self.checkLimit)
        let status: HTTPResponse.Status = report.isHealthy ? .ok : .serviceUnavailable
        return Self.answer(request, Self.plain(status, report.text))
    }

    private static func isRead(_ request: Request) -> Bool { request.method == .get || request.method == .head }

    private static func answer(_ request: Request, _ response: Response) -> Response {
        request.method == .head ? response.createHeadResponse() : response
    }

    private static var notAllowed: Response {
        var response = plain(.methodNotAllowed, "use GET\n")
        response.headers[.allow] = "GET, HEAD"
        return response
    }

    static func plain(_ status: HTTPResponse.Status, _ text: String) -> Response {
        let headers: HTTPFields = [.contentType: "text/plain; charset=utf-8", .cacheControl: "no-store"]
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }
}

extension RouterMethods {
    /// Puts pages into a router.
    ///
    /// - Parameters:
    ///   - pages: what to show.
    ///   - metricsPath: where the metrics are.
    ///   - healthPath: where the health is; nil for nowhere.
    /// - Returns: the router.
    @discardableResult
    public func addPrometheus(
        _ pages: PrometheusPages, metricsPath: RouterPath = "/metrics", healthPath: RouterPath? = "/healthz"
    ) -> Self {
        // All methods, so that the wrong ones are told which are right.
        for method in [HTTPRequest.Method.get, .head, .post, .put, .delete, .patch, .options] {
            on(metricsPath, method: method) { request, _ in await pages.metrics(for: request) }
            if let healthPath { on(healthPath, method: method) { request, _ in await pages.health(for: request) } }
        }
        return self
    }
}
