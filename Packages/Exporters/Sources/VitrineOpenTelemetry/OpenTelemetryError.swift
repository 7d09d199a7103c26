// SPDX-License-Identifier: MIT OR Apache-2.0

public import VitrineOTLPExport
public import VitrineOTLPHTTP

/// Why telemetry could not be started.
public enum OpenTelemetryError: Error, Sendable, Hashable {
    /// The transport cannot be made: an address, a header or a file of TLS is not as it should be.
    case transport(OTLPHTTPError)
    /// There is no memory or no thread for the exporter.
    case exporter(OTLPExporterError)
}

extension OpenTelemetryError: CustomStringConvertible {
    /// One line. No value of a header is in it.
    public var description: String {
        switch self {
        case .transport(let error): error.description
        case .exporter(.noMemory): "there is no memory for an exporter"
        case .exporter(.noThread(let code)): "the system gives the exporter no thread (errno \(code))"
        }
    }
}
