// SPDX-License-Identifier: MIT OR Apache-2.0

import VitrineOTLP

extension OTLPExportNotice: CustomStringConvertible {
    /// One line: what happened to which signal, why, and what helps.
    ///
    /// The receiver's words are cut after 200 characters, and escaped but for printable ASCII: they may go to a terminal.
    public var description: String {
        switch self {
        case .retry(let signal, let failure, let nanoseconds):
            "a request of \(signal.records) failed and is tried again in \(time(nanoseconds)): \(failure)"
        case .split(let signal, let count):
            "a request of \(signal.records(count)) goes out in two: it is too large for the receiver, or for "
                + "encoding.requestByteCount"
        case .partialSuccess(let signal, let answer) where answer.rejectedCount > 0:
            "the receiver did not take \(signal.records(Int(clamping: answer.rejectedCount))) of a request: \(shown(answer.message))"
        case .partialSuccess(let signal, let answer):
            "the receiver took a request of \(signal.records), and warns: \(shown(answer.message))"
        case .unreadableAnswer(let signal, let error):
            "a request of \(signal.records) was answered with success, but the answer is none of OTLP (\(error)): "
                + "does something else listen there?"
        case .dropped(let signal, let count, let reason, let failure):
            "dropped \(signal.records(count)) (\(reason.rawValue)): \(failure?.description ?? reason.words)"
        case .spoolFailed(let error): "the spool failed: \(error)"
        case .spoolFileRefused(let error): "a file of the spool cannot be sent: \(error)"
        }
    }
}

extension OTLPFailure: CustomStringConvertible {
    /// Why, and what helps, in one line.
    public var description: String {
        switch self {
        case .transport(let error): error.description
        case .status(let code, let message):
            "the receiver answers \(code)\(Self.advice(code))"
                + (message.isEmpty ? "" : ", and says: \(shown(message))")
        case .encoding(let error): error.description
        }
    }

    /// What is usually behind a status. OTLP leaves most of them to HTTP.
    private static func advice(_ code: Int) -> String {
        switch code {
        case 300...399: " (it points to another address, which is not followed: configure that one)"
        case 401, 403: " (the key is missing or wrong: see OTEL_EXPORTER_OTLP_HEADERS)"
        case 404, 405:
            " (nothing takes this signal at its address: check the port, usually 4318, and leave /v1/traces out of the "
                + "address of all signals; or switch the signal off, as OTEL_LOGS_EXPORTER=none does)"
        case 413: " (the request is too large)"
        case 415: " (it does not take binary protobuf, or not with gzip: see OTEL_EXPORTER_OTLP_COMPRESSION)"
        case 429, 502, 503, 504: " (it is busy, or what is behind it is away)"
        default: ""
        }
    }
}

extension OTLPTransportError: CustomStringConvertible {
    /// Why there is no answer, in one line.
    public var description: String {
        switch self {
        case .connection(let reason): reason
        case .timeout: "the receiver did not answer in time (see OTEL_EXPORTER_OTLP_TIMEOUT)"
        }
    }
}

extension OTLPExporterError: CustomStringConvertible {
    /// Why, in one line.
    public var description: String {
        switch self {
        case .noMemory: "there is no memory for an exporter"
        case .noThread(let code): "the system gives the exporter no thread (errno \(code))"
        }
    }
}

extension OTLPSignal {
    /// What its records are called.
    fileprivate var records: String {
        switch self {
        case .traces: "spans"
        case .metrics: "data points"
        case .logs: "log records"
        }
    }

    /// So many of its records.
    fileprivate func records(_ count: Int) -> String { "\(count) \(count == 1 ? String(records.dropLast()) : records)" }
}

extension OTLPDropReason {
    /// What there is to say where no request failed.
    fileprivate var words: String {
        switch self {
        case .queueFull, .queueBytesFull: "more comes than goes out"
        case .shutdown: "the time for the end was over"
        case .tooLarge: "each alone is too large for a request"
        case .refused, .rejected: "the receiver does not want them"
        case .retriesExhausted: "they were tried for as long as configured"
        case .superseded: "a later collection took their place"
        case .noMemory: "there is no memory to encode them"
        case .spoolFull: "the spool has no room for them (see OTLPSpoolLimits)"
        case .spoolFailed: "the spool could not be written"
        case .spoolExpired: "they were in the spool for longer than OTLPSpoolLimits.ageSeconds"
        }
    }
}

/// A time in milliseconds, or in seconds and their tenths.
private func time(_ nanoseconds: UInt64) -> String {
    let milliseconds = nanoseconds / 1_000_000
    return milliseconds < 1_000
        ? "\(milliseconds) ms" : "\(milliseconds / 1_000).\(milliseconds % 1_000 / 100) s"
}

/// The words of a receiver, which nobody has looked through.
private func shown(_ message: String) -> String {
    let scalars = message.unicodeScalars
    var text = ""
    for scalar in scalars.prefix(200) {
        text += 0x20..<0x7F ~= scalar.value ? String(scalar) : scalar.escaped(asASCII: true)
    }
    return "“\(text)\(scalars.count > 200 ? "…" : "")”"
}
