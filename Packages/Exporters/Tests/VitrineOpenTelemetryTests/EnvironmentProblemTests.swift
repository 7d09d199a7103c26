// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing
import VitrineOTLP
import VitrineOTLPExport
import VitrineOTLPHTTP
import VitrineObservability
import VitrineOpenTelemetry

@Suite("OpenTelemetry, bad values")
struct EnvironmentProblemTests {
    typealias Reason = OpenTelemetryVariableProblem.Reason

    struct BadValue: Sendable, CustomTestStringConvertible {
        let variable: String
        let value: String
        let reason: Reason

        init(_ variable: String, _ value: String, _ reason: Reason) {
            self.variable = variable
            self.value = value
            self.reason = reason
        }

        var testDescription: String { "\(variable)=\(value.prefix(20))" }
    }

    private static let largest = Int(Int32.max)
    private static let milliseconds = Reason.noInteger(allowed: 0...largest)
    private static let queue = Reason.noInteger(allowed: 1...1 << 20)
    private static let exporters = Reason.unknownWord(allowed: ["otlp", "none"])
    private static let samplers = Reason.unknownWord(allowed: [
        "always_on", "always_off", "traceidratio", "parentbased_always_on", "parentbased_always_off",
        "parentbased_traceidratio",
    ])

    static let values: [BadValue] = [
        BadValue("OTEL_SDK_DISABLED", "1", .unknownWord(allowed: ["true", "false"])),
        BadValue("OTEL_SDK_DISABLED", "yes", .unknownWord(allowed: ["true", "false"])),
        BadValue("OTEL_RESOURCE_ATTRIBUTES", "a", .malformedEntry(number: 1)),
        BadValue("OTEL_RESOURCE_ATTRIBUTES", "a=1,=2", .malformedEntry(number: 2)),
        BadValue("OTEL_RESOURCE_ATTRIBUTES", "a=1,,b=%2", .malformedEntry(number: 3)),
        BadValue("OTEL_RESOURCE_ATTRIBUTES", "a=%zz", .malformedEntry(number: 1)),
        BadValue("OTEL_RESOURCE_ATTRIBUTES", "a=%C3", .malformedEntry(number: 1)),
        BadValue("OTEL_TRACES_SAMPLER", "jaeger_remote", samplers),
        BadValue("OTEL_TRACES_SAMPLER", "0.5", samplers),
        BadValue("OTEL_TRACES_EXPORTER", "otlp,none", exporters),
        BadValue("OTEL_LOGS_EXPORTER", "prometheus", exporters),
        BadValue(
            "OTEL_LOGS_EXPORTER", "console",
            .unsupportedExporter(use: "install a TreeWriter or a LineWriter of VitrineLogWriters")),
        BadValue(
            "OTEL_TRACES_EXPORTER", "zipkin", .unsupportedExporter(use: "send OTLP to a collector that knows Zipkin")),
        BadValue(
            "OTEL_METRICS_EXPORTER", "prometheus",
            .unsupportedExporter(use: "serve the registry by a PrometheusEndpoint of VitrinePrometheusEndpoint")),
        BadValue(
            "OTEL_METRICS_EXPORTER", "logging",
            .unsupportedExporter(use: "print PrometheusText.render(registry.snapshot()) of VitrinePrometheus")),
        BadValue("OTEL_BSP_SCHEDULE_DELAY", "-1", milliseconds),
        BadValue("OTEL_BSP_SCHEDULE_DELAY", "5s", milliseconds),
        BadValue("OTEL_BSP_SCHEDULE_DELAY", "1.5", milliseconds),
        BadValue("OTEL_BSP_EXPORT_TIMEOUT", "2147483648", milliseconds),
        BadValue("OTEL_BSP_MAX_QUEUE_SIZE", "0", queue),
        BadValue("OTEL_BSP_MAX_QUEUE_SIZE", "1048577", queue),
        BadValue("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "0", queue),
        BadValue("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "2049", .moreThanQueue(maximum: 2_048)),
        BadValue("OTEL_BLRP_MAX_EXPORT_BATCH_SIZE", "99999999999999999999", queue),
        BadValue("OTEL_METRIC_EXPORT_INTERVAL", "0", .noInteger(allowed: 1...largest)),
        BadValue("OTEL_METRIC_EXPORT_TIMEOUT", "½", milliseconds),
        BadValue("OTEL_SPAN_EVENT_COUNT_LIMIT", "-5", milliseconds),
        BadValue("OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", "unlimited", milliseconds),
        BadValue("OTEL_EXPORTER_OTLP_ENDPOINT", "localhost:4318", .noURL(.scheme)),
        BadValue("OTEL_EXPORTER_OTLP_ENDPOINT", "http://", .noURL(.host)),
        BadValue("OTEL_EXPORTER_OTLP_ENDPOINT", "http://host:0", .noURL(.port)),
        BadValue("OTEL_EXPORTER_OTLP_ENDPOINT", "http://host/?a=b", .noURL(.queryInBase)),
        BadValue("OTEL_EXPORTER_OTLP_LOGS_ENDPOINT", "ftp://host", .noURL(.scheme)),
        BadValue("OTEL_EXPORTER_OTLP_LOGS_ENDPOINT", "http://host/a b", .noURL(.character)),
        BadValue("OTEL_EXPORTER_OTLP_COMPRESSION", "zstd", .unknownWord(allowed: ["gzip", "none"])),
        BadValue("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc", .unsupportedProtocol),
        BadValue("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "http/json", .unsupportedProtocol),
        BadValue("OTEL_EXPORTER_OTLP_METRICS_PROTOCOL", "udp", .unknownWord(allowed: ["http/protobuf"])),
        BadValue("OTEL_EXPORTER_OTLP_TIMEOUT", "10s", milliseconds),
        BadValue("OTEL_EXPORTER_OTLP_LOGS_TIMEOUT", "-1", milliseconds),
        BadValue("OTEL_SERVICE_NAME", String(repeating: "x", count: 65_537), .tooLong(maximumByteCount: 65_536)),
    ]

    @Test("are errors that name the variable, its value and what is allowed", arguments: values)
    func problem(value: BadValue) throws {
        let error = try #require(throws: OpenTelemetryConfigurationError.self) {
            try OpenTelemetryConfiguration(environment: [value.variable: value.value])
        }
        #expect(error.problems.map(\.reason) == [value.reason])
        #expect(error.problems.map(\.variable) == [value.variable])
        #expect(error.description.hasPrefix("\(value.variable): “"))
        #expect(error.description.utf8.count < 500)
        #expect(error.description.utf8.allSatisfy { $0 >= 0x20 })
    }

    @Test("count as unset where that is wanted, and are told", arguments: values)
    func valid(value: BadValue) {
        var configuration = OpenTelemetryConfiguration()
        let before = "\(configuration)"
        let problems = configuration.applyValid(environment: [value.variable: value.value])
        #expect(problems.map(\.variable) == [value.variable])
        #expect("\(configuration)" == before)
    }

    @Test(
        "of headers are shown to nobody",
        arguments: [
            ("token", Reason.malformedEntry(number: 1)), ("a=b,=s3cret", .malformedEntry(number: 2)),
            ("authorization=s3cret%", .malformedEntry(number: 1)),
            ("x=s3cret%0D%0Aevil: 1", .badHeader(number: 1, .value)),
            ("a=1,s3 cret=1", .badHeader(number: 2, .name)), ("content-type=s3cret", .badHeader(number: 1, .reserved)),
            ("a=" + String(repeating: "s3cret", count: 20_000), .tooLong(maximumByteCount: 65_536)),
        ])
    func headers(value: String, reason: Reason) throws {
        for name in ["OTEL_EXPORTER_OTLP_HEADERS", "OTEL_EXPORTER_OTLP_METRICS_HEADERS"] {
            let error = try #require(throws: OpenTelemetryConfigurationError.self) {
                try OpenTelemetryConfiguration(environment: [name: value])
            }
            #expect(error.problems.map(\.value) == [nil])
            #expect(error.problems.map(\.reason) == [reason])
            #expect(error.description.hasPrefix("\(name): its value (not shown)"))
            #expect(!String(reflecting: error).contains("s3"))
            #expect(!String(reflecting: error).contains("token"))
        }
    }

    @Test("with a password in an address are not shown either")
    func password() throws {
        for name in ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT"] {
            let error = try #require(throws: OpenTelemetryConfigurationError.self) {
                try OpenTelemetryConfiguration(environment: [name: "https://me:s3cret@host/"])
            }
            #expect(error.problems.map(\.reason) == [.noURL(.credentials)])
            #expect(!String(reflecting: error).contains("s3cret"))
            for value in ["me:s3cret@host", "http://me:s3cret/@host", "http://me/s3cret @host"] {
                let other = try #require(throws: OpenTelemetryConfigurationError.self) {
                    try OpenTelemetryConfiguration(environment: [name: value])
                }
                #expect(other.problems.map(\.variable) == [name])
                #expect(!String(reflecting: other).contains("s3cret"))
            }
        }
    }

    @Test("are shown in short, with escapes")
    func shown() throws {
        let error = try #require(throws: OpenTelemetryConfigurationError.self) {
            try OpenTelemetryConfiguration(
                environment: [
                    "OTEL_TRACES_SAMPLER": "ä\u{1B}[31m\n" + String(repeating: "x", count: 200)
                ])
        }
        let value = try #require(error.problems.first?.value)
        #expect(value == #"\u{00E4}\u{1B}[31m\n"# + String(repeating: "x", count: 73) + "…")
    }

    @Test("are told with the words to choose one of")
    func choice() {
        var configuration = OpenTelemetryConfiguration()
        let problems = configuration.applyValid(environment: [
            "OTEL_TRACES_EXPORTER": "otlp,console", "OTEL_EXPORTER_OTLP_PROTOCOL": "udp",
        ])
        #expect(
            problems.map(\.description) == [
                "OTEL_EXPORTER_OTLP_PROTOCOL: “udp” is not known: write http/protobuf",
                "OTEL_TRACES_EXPORTER: “otlp,console” is not known: write one of otlp, none",
            ])
    }

    @Test("are told all at once, in order, and change nothing")
    func all() throws {
        var configuration = OpenTelemetryConfiguration()
        configuration.serviceName = "kitchen"
        let error = try #require(throws: OpenTelemetryConfigurationError.self) {
            try configuration.apply(environment: [
                "OTEL_SERVICE_NAME": "other",
                "OTEL_BSP_SCHEDULE_DELAY": "x",
                "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc",
                "OTEL_EXPORTER_OTLP_HEADERS": "s3cret",
                "OTEL_TRACES_SAMPLER": "traceidratio",
                "OTEL_TRACES_SAMPLER_ARG": "2",
            ])
        }
        #expect(
            error.description == """
                OTEL_BSP_SCHEDULE_DELAY: “x” is no whole number from 0 to 2147483647
                OTEL_EXPORTER_OTLP_HEADERS: its value (not shown) is malformed in entry 1: write \
                key=value,key=value with %XX for commas and percent signs
                OTEL_EXPORTER_OTLP_PROTOCOL: “grpc” is not spoken here: write http/protobuf
                OTEL_TRACES_SAMPLER_ARG: “2” is no number from 0 to 1
                """)
        #expect(configuration.serviceName == "kitchen")
        #expect(configuration.sampler == .default)
    }

    @Test("of any kind give a configuration or an error", arguments: 1...300)
    func anything(seed: Int) {
        let characters = Array("=,%/:a1 .-é\u{0}\n\u{FFFD}@[]?#http://host%41")
        var state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        var environment: [String: String] = [:]
        for value in EnvironmentValueTests.general + EnvironmentValueTests.queues + EnvironmentValueTests.receivers
        where next(3) > 0 {
            environment[value.variable] = String((0..<next(24)).map { _ in characters[next(characters.count)] })
        }
        environment["OTEL_SDK_DISABLED"] = nil
        var configuration = OpenTelemetryConfiguration()
        let problems = configuration.applyValid(environment: environment)
        #expect(problems.allSatisfy { environment[$0.variable] != nil })
        #expect(configuration.export.spans.batchRecordCount <= configuration.export.spans.recordCount)
    }
}
