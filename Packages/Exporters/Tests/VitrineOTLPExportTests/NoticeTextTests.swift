// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
import Testing
import VitrineOTLP
import VitrineOTLPExport
import VitrineOTLPSpool

@Suite("OTLP export, notices as text")
struct NoticeTextTests {
    static let texts: [(OTLPExportNotice, String)] = [
        (
            .retry(
                .traces, .transport(.connection(reason: "no connection to host:1: 10.0.0.1:1 refused")),
                afterNanoseconds: 999_000_000),
            "a request of spans failed and is tried again in 999 ms: no connection to host:1: 10.0.0.1:1 refused"
        ),
        (
            .retry(.logs, .transport(.timeout), afterNanoseconds: 1_260_000_000),
            "a request of log records failed and is tried again in 1.2 s: "
                + "the receiver did not answer in time (see OTEL_EXPORTER_OTLP_TIMEOUT)"
        ),
        (
            .retry(.metrics, .status(code: 503, message: "not now"), afterNanoseconds: 30_000_000_000),
            "a request of data points failed and is tried again in 30.0 s: "
                + "the receiver answers 503 (it is busy, or what is behind it is away), and says: “not now”"
        ),
        (
            .dropped(.traces, recordCount: 4, .refused, .status(code: 401, message: "")),
            "dropped 4 spans (refused): "
                + "the receiver answers 401 (the key is missing or wrong: see OTEL_EXPORTER_OTLP_HEADERS)"
        ),
        (
            .dropped(.traces, recordCount: 4, .refused, .status(code: 400, message: "")),
            "dropped 4 spans (refused): the receiver answers 400"
        ),
        (
            .dropped(.logs, recordCount: 1, .tooLarge, .encoding(.tooLarge(maximumByteCount: 100))),
            "dropped 1 log record (too_large): "
                + "its request would have more than 100 bytes (see OTLPLimits.requestByteCount)"
        ),
        (
            .dropped(.logs, recordCount: 9, .spoolExpired, nil),
            "dropped 9 log records (spool_expired): they were in the spool for longer than OTLPSpoolLimits.ageSeconds"
        ),
        (
            .split(.traces, recordCount: 512),
            "a request of 512 spans goes out in two: it is too large for the receiver, or for encoding.requestByteCount"
        ),
        (
            .partialSuccess(.metrics, OTLPPartialSuccess(rejectedCount: 3, message: "old")),
            "the receiver did not take 3 data points of a request: “old”"
        ),
        (
            .partialSuccess(.traces, OTLPPartialSuccess(rejectedCount: 0, message: "soon full")),
            "the receiver took a request of spans, and warns: “soon full”"
        ),
        (
            .unreadableAnswer(.traces, .malformed),
            "a request of spans was answered with success, but the answer is none of OTLP "
                + "(it is not the message that it should be): does something else listen there?"
        ),
        (
            .spoolFailed(.system(call: "fsync", code: ENOSPC)),
            "the spool failed: fsync failed: No space left on device"
        ),
        (
            .spoolFileRefused(.damagedBody),
            "a file of the spool cannot be sent: its body is damaged; it is moved aside, to be looked at"
        ),
        (
            .spoolFileRefused(.version(2)),
            "a file of the spool cannot be sent: it is of version 2, which is not known here; "
                + "it stays for a program that knows it"
        ),
    ]

    @Test("say what happened, why, and what helps", arguments: texts)
    func text(notice: OTLPExportNotice, text: String) {
        #expect(notice.description == text)
    }

    @Test(
        "point out what is usually behind a status",
        arguments: [302, 401, 403, 404, 405, 413, 415, 429, 502, 503, 504])
    func advice(code: Int) {
        #expect(OTLPFailure.status(code: code, message: "").description.hasPrefix("the receiver answers \(code) ("))
    }

    @Test("say something for every reason, with a failed request or without", arguments: OTLPDropReason.allCases)
    func reasons(reason: OTLPDropReason) {
        let text = OTLPExportNotice.dropped(.traces, recordCount: 2, reason, nil).description
        #expect(text.hasPrefix("dropped 2 spans (\(reason.rawValue)): "))
        #expect(!text.hasSuffix(": "))
    }

    @Test("are one line of printable ASCII and bounded, whatever the receiver says")
    func hostile() {
        let words = "\u{1B}[2J\n\r\u{202E}ü" + String(repeating: "x", count: 100_000)
        let text = OTLPFailure.status(code: 500, message: words).description
        #expect(text.contains(#"“\u{1B}[2J\n\r\u{202E}\u{00FC}xxx"#))
        #expect(text.hasSuffix("x…”"))
        #expect(text.utf8.count < 400)
        #expect(!text.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x202E })
    }
}
