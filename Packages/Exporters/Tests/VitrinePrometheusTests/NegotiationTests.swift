// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing
import VitrinePrometheus

@Suite("PrometheusFormat, negotiation")
struct NegotiationTests {
    private static let open = "application/openmetrics-text"

    @Test("an absent Accept header is the older text")
    func absent() {
        #expect(PrometheusFormat.negotiated(accept: nil) == .text)
        #expect(!PrometheusFormat.acceptsGzip(acceptEncoding: nil))
    }

    @Test(
        "an Accept header chooses the format it wants most",
        arguments: [
            ("", .text), ("*/*", .text), ("text/html", .text), ("text/plain", .text), ("text/*", .text),
            ("text/plain;version=0.0.4", .text), (open, .openMetrics), ("\(open);version=1.0.0", .openMetrics),
            ("\(open); version=0.0.1", .openMetricsDraft), ("\(open);version=2.0.0", .text),
            ("application/*", .openMetrics), ("APPLICATION/OpenMetrics-Text ; Version=1.0.0", .openMetrics),
            ("\(open);version=\"1.0.0\"", .openMetrics), ("\(open);version=1.0.0;charset=utf-8", .openMetrics),
            ("\(open);version=1.0.0;charset=latin1", .text),
            ("\(open);version=1.0.0;escaping=allow-utf-8", .openMetrics),
            // What Prometheus sends.
            (
                "\(open);version=1.0.0,\(open);version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
                .openMetrics
            ),
            ("\(open);version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1", .openMetricsDraft),
            (
                "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited,"
                    + "\(open);version=1.0.0;q=0.8,text/plain;q=0.5",
                .openMetrics
            ),
            ("text/plain;q=0.5,\(open);q=0.4", .text), ("text/plain;q=0.4,\(open);q=0.5", .openMetrics),
            ("text/plain,\(open)", .text), ("\(open),text/plain", .openMetrics),
            ("*/*,\(open);q=0.5", .text), ("*/*;q=0.5,\(open)", .openMetrics), ("text/plain;q=0,*/*", .openMetrics),
            ("\(open);q=0", .text), ("\(open);q=0,*/*;q=0.1", .text), ("*/*;q=0", .text),
            ("\(open);q=0.001", .openMetrics), ("\(open);q=1.000", .openMetrics),
            // An element with a q that is none does not count.
            ("\(open);q=1.001", .text), ("\(open);q=2", .text), ("\(open);q=-1", .text), ("\(open);q=0.0001", .text),
            ("\(open);q=", .openMetrics), ("\(open);q=x", .text), ("\(open);q=0.5.5", .text), ("\(open);q=٠.٥", .text),
            (";;;,,,==;q", .text), (",\(open)", .openMetrics), ("\u{0}\n\"", .text), ("\(open);q=1;q=0", .text),
        ] as [(String, PrometheusFormat)]
    )
    func accept(_ header: String, _ format: PrometheusFormat) {
        #expect(PrometheusFormat.negotiated(accept: header) == format)
    }

    @Test("what a header has beyond 32 elements or 4,096 bytes does not count")
    func bounds() {
        let filler = String(repeating: "a/b,", count: 31)
        #expect(PrometheusFormat.negotiated(accept: filler + Self.open) == .openMetrics)
        #expect(PrometheusFormat.negotiated(accept: filler + "a/b," + Self.open) == .text)
        let long = Self.open + "," + String(repeating: "x", count: PrometheusFormat.maximumHeaderByteCount)
        #expect(PrometheusFormat.negotiated(accept: long) == .text)
        #expect(!PrometheusFormat.acceptsGzip(acceptEncoding: "gzip," + long))
    }

    @Test(
        "an Accept-Encoding header allows gzip or not",
        arguments: [
            ("", false), ("gzip", true), ("GZIP", true), ("x-gzip", true), ("deflate", false), ("br, gzip", true),
            ("gzip;q=0", false), ("gzip;q=0.001", true), ("*", true), ("*;q=0", false), ("*, gzip;q=0", false),
            ("gzip, *;q=0", true), ("identity", false), ("identity, gzip;q=0.5", false), ("identity;q=0.5, gzip", true),
            ("gzip;q=1, identity;q=1", true), ("gzip;q=x", false), ("gzipx", false), (",;=", false),
        ] as [(String, Bool)]
    )
    func encoding(_ header: String, _ isAllowed: Bool) {
        #expect(PrometheusFormat.acceptsGzip(acceptEncoding: header) == isAllowed)
    }

    @Test("has the content types of the specifications")
    func contentTypes() {
        #expect(PrometheusFormat.text.contentType == "text/plain; version=0.0.4; charset=utf-8")
        #expect(
            PrometheusFormat.openMetrics.contentType == "application/openmetrics-text; version=1.0.0; charset=utf-8")
        #expect(
            PrometheusFormat.openMetricsDraft.contentType
                == "application/openmetrics-text; version=0.0.1; charset=utf-8")
    }
}
