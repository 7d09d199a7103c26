// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
public import VitrinePrometheus

/// Where an endpoint listens, what it shows, and how much of it one may use.
public struct PrometheusEndpointConfiguration: Sendable {
    /// The address or the name of the host's interface. Nothing asks who scrapes, so by default only this machine can.
    public var host = "127.0.0.1"
    /// The port; 0 for any that is free, which `PrometheusEndpoint.waitUntilBound` tells.
    public var port = 9464
    /// The path of the metrics.
    public var metricsPath = "/metrics"
    /// The path of the health; nil for none.
    public var healthPath: String? = "/healthz"
    /// What is scraped; if given, the text begins with the series `target_info`.
    public var target: PrometheusTarget?
    /// What is looked at for the health.
    public var checks: [HealthCheck] = []
    /// How hard zlib tries for those who take gzip, 1 to 9.
    public var compressionLevel = 3
    /// How many connections are open at once, 1 to 10,000; more wait in the kernel. When all places are taken, the connection
    /// that has been without a request for longest is closed; with 1, each after its answer.
    public var maximumConnectionCount = 32
    /// How many bytes the fields of a request's head may have together, 256 to 65,536; more is answered with 400.
    public var maximumHeaderByteCount = 8_192
    /// How long a request may take, from its head to the last byte of the answer, and the first head of a connection to
    /// arrive; then the connection is closed.
    public var requestTimeout = Duration.seconds(10)
    /// How long a connection may lie idle between requests.
    public var idleTimeout = Duration.seconds(75)

    /// A configuration that listens on `http://127.0.0.1:9464/metrics`.
    public init() {}

    /// Throws `.configuration` for the first value that is out of its range.
    func validate() throws(PrometheusEndpointError) {
        func check(_ isValid: Bool, _ name: String, _ value: Any) throws(PrometheusEndpointError) {
            guard isValid else { throw .configuration(name: name, value: "\(value)") }
        }
        try check(!host.isEmpty && !host.utf8.contains(0), "host", host)
        try check(0...65_535 ~= port, "port", port)
        try check(Self.isPath(metricsPath), "metricsPath", metricsPath)
        if let healthPath { try check(Self.isPath(healthPath) && healthPath != metricsPath, "healthPath", healthPath) }
        try check(1...9 ~= compressionLevel, "compressionLevel", compressionLevel)
        try check(1...10_000 ~= maximumConnectionCount, "maximumConnectionCount", maximumConnectionCount)
        try check(256...65_536 ~= maximumHeaderByteCount, "maximumHeaderByteCount", maximumHeaderByteCount)
        let times = Duration.milliseconds(1)...Duration.seconds(86_400)
        try check(times ~= requestTimeout, "requestTimeout", requestTimeout)
        try check(times ~= idleTimeout, "idleTimeout", idleTimeout)
    }

    /// A path as a request has it: absolute, visible ASCII, without a query.
    private static func isPath(_ path: String) -> Bool {
        path.hasPrefix("/")
            && path.utf8.allSatisfy { 0x21...0x7e ~= $0 && $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") }
    }
}

/// Why an endpoint does not serve.
public enum PrometheusEndpointError: Error, Hashable, CustomStringConvertible {
    /// A value of the configuration is out of its range.
    case configuration(name: String, value: String)
    /// The address is not to be had, with the system's number.
    case bind(host: String, port: Int, errno: Int32)
    /// The host has no such name.
    case unknownHost(String)
    /// It was run before: an endpoint runs once.
    case alreadyRun
    /// It stopped before it was bound.
    case notBound

    /// The reason in a sentence.
    public var description: String {
        switch self {
        case .configuration(let name, let value): "The endpoint's \(name) cannot be “\(value)”."
        case .bind(let host, let port, let errno):
            "Cannot listen on \(host), port \(port): \(Self.words(errno)) (errno \(errno))."
        case .unknownHost(let host): "There is no address for “\(host)”."
        case .alreadyRun: "The endpoint was run before."
        case .notBound: "The endpoint stopped before it listened."
        }
    }

    /// What keeps an endpoint from its address.
    private static func words(_ errno: Int32) -> String {
        switch errno {
        case EADDRINUSE: "another program listens there; choose another port"
        case EACCES: "this program may not use that port; those below 1024 are often kept for root"
        case EADDRNOTAVAIL: "this machine does not have that address"
        default: "the system refuses it"
        }
    }
}
