// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing
import VitrineOTLP
import VitrineOTLPExport
import VitrineOTLPHTTP
import VitrineObservability

@testable import VitrineOpenTelemetry

@Suite("OpenTelemetry, who is heard")
struct PrecedenceTests {
    @Test("What is said of one signal, over what is said of all")
    func signal() throws {
        let configuration = try OpenTelemetryConfiguration(environment: [
            "OTEL_EXPORTER_OTLP_ENDPOINT": "http://all/base/",
            "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT": "http://one",
            "OTEL_EXPORTER_OTLP_HEADERS": "a=all,b=all",
            "OTEL_EXPORTER_OTLP_METRICS_HEADERS": "a=one",
            "OTEL_EXPORTER_OTLP_COMPRESSION": "gzip",
            "OTEL_EXPORTER_OTLP_METRICS_COMPRESSION": "none",
            "OTEL_EXPORTER_OTLP_TIMEOUT": "1",
            "OTEL_EXPORTER_OTLP_METRICS_TIMEOUT": "2",
            "OTEL_EXPORTER_OTLP_CERTIFICATE": "all",
            "OTEL_EXPORTER_OTLP_METRICS_CERTIFICATE": "one",
        ])
        let (all, one) = (configuration.receivers.traces, configuration.receivers.metrics)
        #expect([all.url, one.url] == ["http://all/base/v1/traces", "http://one"])
        #expect(all.headers.map(\.value) == ["all", "all"])
        #expect(one.headers.map(\.value) == ["one"])
        #expect([all.compression, one.compression] == [.gzip, .none])
        #expect([all.tls.rootCertificatesFile, one.tls.rootCertificatesFile] == ["all", "one"])
        #expect(configuration.export.requestTimeoutMillisecondsBySignal == [.traces: 1, .metrics: 2, .logs: 1])
    }

    @Test("What is said of spans, events, links or log records, over what is said of all attributes")
    func limits() throws {
        let limits = try OpenTelemetryConfiguration(environment: [
            "OTEL_ATTRIBUTE_COUNT_LIMIT": "10",
            "OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT": "20",
            "OTEL_LINK_ATTRIBUTE_COUNT_LIMIT": "30",
            "OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT": "40",
            "OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT": "50",
        ]).export.encoding
        #expect(limits.attributeCount == 20)
        #expect(limits.eventAttributeCount == 10)
        #expect(limits.linkAttributeCount == 30)
        #expect(limits.logRecordAttributeCount == 10)
        #expect(limits.valueByteCount == 40)
        #expect(limits.logRecordValueByteCount == 50)
    }

    @Test("The service's own variable, over the attribute in the list of all")
    func service() throws {
        let configuration = try OpenTelemetryConfiguration(environment: [
            "OTEL_SERVICE_NAME": "own", "OTEL_RESOURCE_ATTRIBUTES": "service.name=list,deployment=x",
        ])
        #expect(configuration.serviceName == "own")
        #expect(Set(configuration.resourceAttributes) == [Field("service.name", "own"), Field("deployment", "x")])
    }

    @Test("The environment, over what the program said before, but not over what it says after")
    func code() throws {
        var configuration = OpenTelemetryConfiguration()
        configuration.serviceName = "code"
        configuration.export.spans.recordCount = 7
        configuration.export.logs.recordCount = 7
        configuration.receivers.traces.url = "http://code"
        configuration.receivers.logs.compression = .gzip
        try configuration.apply(environment: [
            "OTEL_SERVICE_NAME": "environment", "OTEL_BSP_MAX_QUEUE_SIZE": "9",
            "OTEL_EXPORTER_OTLP_ENDPOINT": "http://environment",
        ])
        #expect(configuration.serviceName == "environment")
        #expect(configuration.export.spans.recordCount == 9)
        #expect(configuration.export.logs.recordCount == 7)
        #expect(configuration.receivers.traces.url == "http://environment/v1/traces")
        #expect(configuration.receivers.logs.compression == .gzip)
        configuration.serviceName = "code"
        #expect(configuration.resourceAttributes == [Field("service.name", "code")])
    }

    @Test("Nobody else, if telemetry is disabled")
    func disabled() throws {
        let configuration = try OpenTelemetryConfiguration(environment: [
            "OTEL_SDK_DISABLED": "true", "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc", "OTEL_SERVICE_NAME": "kitchen",
            "OTEL_PROPAGATORS": "b3",
        ])
        #expect(configuration.isDisabled)
        #expect(configuration.serviceName == nil)
        #expect(configuration.ignoredVariables.isEmpty)
    }

    @Test("Not the variables that nobody knows, which are listed")
    func ignored() throws {
        let configuration = try OpenTelemetryConfiguration(environment: [
            "OTEL_PROPAGATORS": "b3", "OTEL_EXPORTER_OTLP_INSECURE": "true", "OTEL_EXPORTER_OTLP_TRACE_ENDPOINT": "x",
            "OTEL_LOG_LEVEL": "", "OTEL_BSP_SCHEDULE_DELAY": "1", "PATH": "/bin", "OTEL_TRACES_SAMPLER_ARG": "1",
        ])
        #expect(
            configuration.ignoredVariables == [
                "OTEL_EXPORTER_OTLP_INSECURE", "OTEL_EXPORTER_OTLP_TRACE_ENDPOINT", "OTEL_PROPAGATORS",
                "OTEL_TRACES_SAMPLER_ARG",
            ])
    }
}
