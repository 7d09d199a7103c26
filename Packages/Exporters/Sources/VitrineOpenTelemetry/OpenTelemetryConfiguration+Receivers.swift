// SPDX-License-Identifier: MIT OR Apache-2.0

import VitrineOTLP
import VitrineOTLPExport
import VitrineOTLPHTTP

extension OpenTelemetryConfiguration {
    /// Where each signal goes, and how: what is said of all signals first, then what is said of one.
    ///
    /// https://opentelemetry.io/docs/specs/otel/protocol/exporter/#configuration-options
    mutating func applyReceivers(_ reader: inout EnvironmentReader) {
        let general = ReceiverVariables("OTEL_EXPORTER_OTLP", &reader)
        if let base = general.url, let joined = Self.receivers(below: base, "OTEL_EXPORTER_OTLP", &reader) {
            receivers.traces.url = joined.traces.url
            receivers.metrics.url = joined.metrics.url
            receivers.logs.url = joined.logs.url
        }
        for signal in OTLPSignal.allCases {
            let prefix = "OTEL_EXPORTER_OTLP_\(signal.variableWord)"
            var own = ReceiverVariables(prefix, &reader)
            own.url = own.url.flatMap { Self.isAddress($0, prefix, &reader) ? $0 : nil }
            general.apply(to: &receivers[signal])
            own.apply(to: &receivers[signal])
            for variables in [general, own] {
                tlsVariables.merge(variables.namesByFile) { _, newest in newest }
            }
            if let url = own.url { receivers[signal].url = url }
            if let timeout = own.timeout ?? general.timeout {
                export.requestTimeoutMillisecondsBySignal[signal] = timeout
            }
        }
    }

    /// The address of each signal below the one of all; `/` between them is there once.
    private static func receivers(
        below base: String, _ prefix: String, _ reader: inout EnvironmentReader
    ) -> OTLPHTTPConfiguration? {
        do throws(OTLPHTTPError) { return try OTLPHTTPConfiguration(endpoint: base) } catch {
            report(error, prefix, &reader)
            return nil
        }
    }

    /// Whether a text is an address that is used as it stands.
    private static func isAddress(_ url: String, _ prefix: String, _ reader: inout EnvironmentReader) -> Bool {
        do throws(OTLPHTTPError) {
            try OTLPHTTPTarget(url: url).checkAddress()
            return true
        } catch {
            report(error, prefix, &reader)
            return false
        }
    }

    private static func report(_ error: OTLPHTTPError, _ prefix: String, _ reader: inout EnvironmentReader) {
        // What is shown of the address is what the error shows, without what may be a password.
        guard case .url(let url, let fault) = error else { return }
        reader.report("\(prefix)_ENDPOINT", fault == .credentials ? nil : url, .noURL(fault))
    }
}

/// What the variables of one prefix say.
private struct ReceiverVariables {
    var url: String?
    var headers: [(name: String, value: String)]?
    let compression: OTLPCompression?
    let timeout: UInt32?
    let rootCertificatesFile: String?
    let clientCertificateFile: String?
    let clientKeyFile: String?
    /// Which variable names a file of TLS, by path.
    let namesByFile: [String: String]

    init(_ prefix: String, _ reader: inout EnvironmentReader) {
        url = reader.text("\(prefix)_ENDPOINT")
        compression = reader.word("\(prefix)_COMPRESSION", [("gzip", .gzip), ("none", .none)])
        timeout = reader.timeout("\(prefix)_TIMEOUT")
        var namesByFile: [String: String] = [:]
        func file(_ name: String) -> String? {
            let path = reader.text(name)
            if let path { namesByFile[path] = name }
            return path
        }
        rootCertificatesFile = file("\(prefix)_CERTIFICATE")
        clientCertificateFile = file("\(prefix)_CLIENT_CERTIFICATE")
        clientKeyFile = file("\(prefix)_CLIENT_KEY")
        self.namesByFile = namesByFile
        headers = Self.headers("\(prefix)_HEADERS", &reader)
        Self.checkProtocol("\(prefix)_PROTOCOL", &reader)
    }

    /// Nothing of these goes into a message: they are where tokens are.
    private static func headers(
        _ name: String, _ reader: inout EnvironmentReader
    ) -> [(name: String, value: String)]? {
        guard let pairs = reader.pairs(name, isSecret: true) else { return nil }
        var headers: [(name: String, value: String)] = []
        for (number, key, value) in pairs {
            let header = (name: key, value: value)
            do throws(OTLPHTTPError) {
                try OTLPHTTPTarget(url: "", headers: [header]).checkHeaders()
            } catch {
                guard case .header(_, let fault) = error else { return nil }
                reader.report(name, nil, .badHeader(number: number, fault))
                return nil
            }
            headers.removeAll { $0.name.lowercased() == header.name.lowercased() }
            headers.append(header)
        }
        return headers
    }

    private static func checkProtocol(_ name: String, _ reader: inout EnvironmentReader) {
        guard let value = reader.text(name) else { return }
        switch value.lowercased() {
        case "http/protobuf": break
        case "grpc", "http/json": reader.report(name, value, .unsupportedProtocol)
        default: reader.report(name, value, .unknownWord(allowed: ["http/protobuf"]))
        }
    }

    func apply(to target: inout OTLPHTTPTarget) {
        if let headers { target.headers = headers }
        if let compression { target.compression = compression }
        if let rootCertificatesFile { target.tls.rootCertificatesFile = rootCertificatesFile }
        if let clientCertificateFile { target.tls.clientCertificateFile = clientCertificateFile }
        if let clientKeyFile { target.tls.clientKeyFile = clientKeyFile }
    }
}

extension OTLPHTTPConfiguration {
    /// Where a signal goes.
    fileprivate subscript(_ signal: OTLPSignal) -> OTLPHTTPTarget {
        get {
            switch signal {
            case .traces: traces
            case .metrics: metrics
            case .logs: logs
            }
        }
        set {
            switch signal {
            case .traces: traces = newValue
            case .metrics: metrics = newValue
            case .logs: logs = newValue
            }
        }
    }
}
