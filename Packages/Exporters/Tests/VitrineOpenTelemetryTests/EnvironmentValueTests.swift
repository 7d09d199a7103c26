// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing
import VitrineOTLP
import VitrineOTLPExport
import VitrineOTLPHTTP
import VitrineObservability
import VitrineOpenTelemetry

/// A variable, what it is set to, and what that makes of something in the configuration.
struct GoodValue: Sendable, CustomTestStringConvertible {
    let variable: String
    let value: String
    let expected: String
    let read: @Sendable (OpenTelemetryConfiguration) -> String

    init(
        _ variable: String, _ value: String, _ expected: some Sendable,
        _ read: @escaping @Sendable (OpenTelemetryConfiguration) -> some Sendable
    ) {
        self.variable = variable
        self.value = value
        self.expected = "\(expected)"
        self.read = { "\(read($0))" }
    }

    var testDescription: String { "\(variable)=\(value)" }
}

@Suite("OpenTelemetry, good values")
struct EnvironmentValueTests {
    static let general: [GoodValue] = [
        GoodValue("OTEL_SDK_DISABLED", "true", true, \.isDisabled),
        GoodValue("OTEL_SDK_DISABLED", "TRUE", true, \.isDisabled),
        GoodValue("OTEL_SDK_DISABLED", "False", false, \.isDisabled),
        GoodValue("OTEL_SDK_DISABLED", "", false, \.isDisabled),
        GoodValue("OTEL_SERVICE_NAME", "kitchen", "kitchen") { $0.serviceName ?? "-" },
        GoodValue("OTEL_SERVICE_NAME", "  ", "-") { $0.serviceName ?? "-" },
        GoodValue("OTEL_SERVICE_NAME", "a%20b,c=d", "a%20b,c=d") { $0.serviceName ?? "-" },
        GoodValue("OTEL_RESOURCE_ATTRIBUTES", "service.name=shop", "shop") { $0.serviceName ?? "-" },
        GoodValue("OTEL_RESOURCE_ATTRIBUTES", "a=1, b = two%2C%20zw%C3%B6lf ,%61%3D=x=y,,", "a:1 b:two, zwölf a=:x=y") {
            attributes($0)
        },
        GoodValue("OTEL_RESOURCE_ATTRIBUTES", "a=1,a=2,b=", "a:2 b:") { attributes($0) },
        GoodValue("OTEL_TRACES_EXPORTER", "none", [OTLPSignal.metrics, .logs]) { signals($0) },
        GoodValue("OTEL_METRICS_EXPORTER", "None", [OTLPSignal.traces, .logs]) { signals($0) },
        GoodValue("OTEL_LOGS_EXPORTER", "otlp", [OTLPSignal.traces, .metrics, .logs]) { signals($0) },
        GoodValue("OTEL_TRACES_SAMPLER", "always_on", Sampler.alwaysOn, \.sampler),
        GoodValue("OTEL_TRACES_SAMPLER", "ALWAYS_OFF", Sampler.alwaysOff, \.sampler),
        GoodValue("OTEL_TRACES_SAMPLER", "traceidratio", Sampler.traceIDRatio(1), \.sampler),
        GoodValue("OTEL_TRACES_SAMPLER", "parentbased_always_on", Sampler.parentBased(.alwaysOn), \.sampler),
        GoodValue("OTEL_TRACES_SAMPLER", "parentbased_always_off", Sampler.parentBased(.alwaysOff), \.sampler),
        GoodValue("OTEL_TRACES_SAMPLER", "parentbased_traceidratio", Sampler.parentBased(.traceIDRatio(1)), \.sampler),
        GoodValue("OTEL_TRACES_SAMPLER_ARG", "0.5", Sampler.default, \.sampler),
        GoodValue("OTEL_TRACES_SAMPLER_ARG", "nonsense", Sampler.default, \.sampler),
    ]

    static let queues: [GoodValue] = [
        GoodValue("OTEL_BSP_SCHEDULE_DELAY", "0", 0, \.export.spans.delayMilliseconds),
        GoodValue("OTEL_BSP_SCHEDULE_DELAY", "2147483647", 2_147_483_647, \.export.spans.delayMilliseconds),
        GoodValue("OTEL_BSP_EXPORT_TIMEOUT", "12000", 12_000) { $0.export.spans.exportTimeoutMilliseconds ?? 1 },
        GoodValue("OTEL_BSP_EXPORT_TIMEOUT", "0", UInt32.max) { $0.export.spans.exportTimeoutMilliseconds ?? 1 },
        GoodValue("OTEL_BSP_MAX_QUEUE_SIZE", " 4096 ", 4_096, \.export.spans.recordCount),
        GoodValue("OTEL_BSP_MAX_QUEUE_SIZE", "100", 100, \.export.spans.batchRecordCount),
        GoodValue("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "2048", 2_048, \.export.spans.batchRecordCount),
        GoodValue("OTEL_BLRP_SCHEDULE_DELAY", "7", 7, \.export.logs.delayMilliseconds),
        GoodValue("OTEL_BLRP_EXPORT_TIMEOUT", "7", 7) { $0.export.logs.exportTimeoutMilliseconds ?? 1 },
        GoodValue("OTEL_BLRP_MAX_QUEUE_SIZE", "1", 1, \.export.logs.recordCount),
        GoodValue("OTEL_BLRP_MAX_EXPORT_BATCH_SIZE", "1", 1, \.export.logs.batchRecordCount),
        GoodValue("OTEL_METRIC_EXPORT_INTERVAL", "1", 1, \.export.metricsIntervalMilliseconds),
        GoodValue("OTEL_METRIC_EXPORT_TIMEOUT", "0", UInt32.max, \.export.metricsTimeoutMilliseconds),
        GoodValue("OTEL_ATTRIBUTE_COUNT_LIMIT", "3", "3 nil nil nil") { counts($0) },
        GoodValue("OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", "3", "3 128 128 128") { counts($0) },
        GoodValue("OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT", "0", "128 0 nil nil") { counts($0) },
        GoodValue("OTEL_LINK_ATTRIBUTE_COUNT_LIMIT", "3", "128 nil 3 nil") { counts($0) },
        GoodValue("OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT", "3", "128 nil nil 3") { counts($0) },
        GoodValue("OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", "9", "9 nil") { lengths($0) },
        GoodValue("OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT", "9", "9 \(Int.max)") { lengths($0) },
        GoodValue("OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT", "9", "\(Int.max) 9") { lengths($0) },
        GoodValue("OTEL_SPAN_EVENT_COUNT_LIMIT", "5", 5, \.export.encoding.eventCount),
        GoodValue("OTEL_SPAN_EVENT_COUNT_LIMIT", "5", 5, \.export.openSpans.eventCountPerSpan),
        GoodValue("OTEL_SPAN_LINK_COUNT_LIMIT", "5", 5, \.export.encoding.linkCount),
    ]

    static let receivers: [GoodValue] = [
        GoodValue("OTEL_EXPORTER_OTLP_COMPRESSION", "gzip", OTLPCompression.gzip, \.receivers.logs.compression),
        GoodValue("OTEL_EXPORTER_OTLP_COMPRESSION", "none", OTLPCompression.none, \.receivers.logs.compression),
        GoodValue("OTEL_EXPORTER_OTLP_METRICS_COMPRESSION", "GZIP", "gzip none") {
            "\($0.receivers.metrics.compression) \($0.receivers.traces.compression)"
        },
        GoodValue("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf", [String](), \.ignoredVariables),
        GoodValue("OTEL_EXPORTER_OTLP_LOGS_PROTOCOL", "HTTP/protobuf", [String](), \.ignoredVariables),
        GoodValue("OTEL_EXPORTER_OTLP_TIMEOUT", "250", "250 250 250") { timeouts($0) },
        GoodValue("OTEL_EXPORTER_OTLP_TIMEOUT", "0", "4294967295 4294967295 4294967295") { timeouts($0) },
        GoodValue("OTEL_EXPORTER_OTLP_LOGS_TIMEOUT", "250", "nil nil 250") { timeouts($0) },
        GoodValue("OTEL_EXPORTER_OTLP_HEADERS", "Authorization=Basic%20YQ==,x-y = z", "Authorization:Basic YQ== x-y:z")
        {
            $0.receivers.traces.headers.map { "\($0.name):\($0.value)" }.joined(separator: " ")
        },
        GoodValue("OTEL_EXPORTER_OTLP_TRACES_HEADERS", "key=1,KEY=2", "KEY:2 0") {
            let headers = $0.receivers.traces.headers.map { "\($0.name):\($0.value)" }.joined(separator: " ")
            return "\(headers) \($0.receivers.logs.headers.count)"
        },
        GoodValue("OTEL_EXPORTER_OTLP_CERTIFICATE", "/a/b.pem", "/a/b.pem") {
            $0.receivers.logs.tls.rootCertificatesFile ?? "-"
        },
        GoodValue("OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE", "c.pem", "c.pem") {
            $0.receivers.metrics.tls.clientCertificateFile ?? "-"
        },
        GoodValue("OTEL_EXPORTER_OTLP_TRACES_CLIENT_KEY", "k.pem", "k.pem -") {
            "\($0.receivers.traces.tls.clientKeyFile ?? "-") \($0.receivers.logs.tls.clientKeyFile ?? "-")"
        },
    ]

    private static func attributes(_ configuration: OpenTelemetryConfiguration) -> String {
        configuration.resourceAttributes.map { field in
            guard case .string(let text) = field.value else { return "?" }
            return "\(field.key):\(text)"
        }.joined(separator: " ")
    }

    private static func signals(_ configuration: OpenTelemetryConfiguration) -> [OTLPSignal] {
        OTLPSignal.allCases.filter { configuration.export.signals.contains($0) }
    }

    private static func text(_ number: Int?) -> String { number.map { "\($0)" } ?? "nil" }

    private static func counts(_ configuration: OpenTelemetryConfiguration) -> String {
        let limits = configuration.export.encoding
        let own = [limits.eventAttributeCount, limits.linkAttributeCount, limits.logRecordAttributeCount]
        return "\(limits.attributeCount) " + own.map(text).joined(separator: " ")
    }

    private static func lengths(_ configuration: OpenTelemetryConfiguration) -> String {
        let limits = configuration.export.encoding
        return "\(limits.valueByteCount) \(text(limits.logRecordValueByteCount))"
    }

    private static func timeouts(_ configuration: OpenTelemetryConfiguration) -> String {
        OTLPSignal.allCases.map { text(configuration.export.requestTimeoutMillisecondsBySignal[$0].map { Int($0) }) }
            .joined(separator: " ")
    }

    @Test("are taken", arguments: general + queues + receivers)
    func taken(value: GoodValue) throws {
        let configuration = try OpenTelemetryConfiguration(environment: [value.variable: value.value])
        #expect(value.read(configuration) == value.expected)
    }

    @Test("of all kinds are as if unset when they are empty", arguments: general + queues + receivers)
    func empty(value: GoodValue) throws {
        let configuration = try OpenTelemetryConfiguration(environment: [value.variable: ""])
        #expect(value.read(configuration) == value.read(OpenTelemetryConfiguration()))
        #expect(configuration.ignoredVariables.isEmpty)
    }

    @Test(
        "of a sampler are its share of all traces", arguments: [("0", 0.0), ("0.25", 0.25), ("1", 1), ("1e-3", 0.001)])
    func ratio(text: String, ratio: Double) throws {
        for (word, isParentBased) in [("traceidratio", false), ("parentbased_traceidratio", true)] {
            let configuration = try OpenTelemetryConfiguration(
                environment: ["OTEL_TRACES_SAMPLER": word, "OTEL_TRACES_SAMPLER_ARG": text])
            #expect(configuration.sampler == Sampler(root: .traceIDRatio(ratio), isParentBased: isParentBased))
        }
    }

    @Test(
        "make addresses as the specification joins them",
        arguments: [
            ("http://host", "http://host/v1/traces"), ("http://host/", "http://host/v1/traces"),
            ("https://host:4318/a", "https://host:4318/a/v1/traces"), ("http://host/a/b/", "http://host/a/b/v1/traces"),
            ("HTTP://[::1]:1/", "HTTP://[::1]:1/v1/traces"),
        ])
    func joined(base: String, url: String) throws {
        let configuration = try OpenTelemetryConfiguration(environment: ["OTEL_EXPORTER_OTLP_ENDPOINT": base])
        #expect(configuration.receivers.traces.url == url)
        #expect(configuration.receivers.metrics.url == url.replacing("traces", with: "metrics"))
        #expect(configuration.receivers.logs.url == url.replacing("traces", with: "logs"))
    }

    @Test(
        "of one signal are its whole address",
        arguments: [
            "http://host", "http://host/", "https://host/v1/traces", "http://host/x?key=a",
        ])
    func whole(url: String) throws {
        let configuration = try OpenTelemetryConfiguration(environment: ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": url])
        #expect(configuration.receivers.traces.url == url)
        #expect(configuration.receivers.logs.url == "http://localhost:4318/v1/logs")
    }
}
