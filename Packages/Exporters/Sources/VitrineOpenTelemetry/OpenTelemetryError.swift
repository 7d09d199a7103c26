// SPDX-License-Identifier: MIT OR Apache-2.0

public import VitrineOTLPExport
public import VitrineOTLPHTTP

/// Why telemetry could not be started.
public enum OpenTelemetryError: Error, Sendable, Hashable {
    /// The transport cannot be made: an address, a header or a file of TLS is not as it should be.
    case transport(OTLPHTTPError)
    /// The transport cannot be made of a file of TLS that this variable names.
    case variable(name: String, OTLPHTTPError)
    /// There is no memory or no thread for the exporter.
    case exporter(OTLPExporterError)
}

extension OpenTelemetryError {
    /// What is wrong with the receivers of a configuration, and by which variable if it is one that said so.
    init(_ error: OTLPHTTPError, of configuration: OpenTelemetryConfiguration) {
        if case .tlsFile(let path, _) = error, let name = configuration.tlsVariables[path] {
            self = .variable(name: name, error)
        } else {
            self = .transport(error)
        }
    }
}

extension OpenTelemetryError: CustomStringConvertible {
    /// One line. No value of a header is in it.
    public var description: String {
        switch self {
        case .transport(let error): error.description
        case .variable(let name, let error): "\(name): \(error.description)"
        case .exporter(let error): error.description
        }
    }
}
