// SPDX-License-Identifier: MIT OR Apache-2.0

import VitrineOTLP
import VitrineOTLPExport
import VitrineObservability

extension OpenTelemetryConfiguration {
    /// Takes what variables say over what is set here. What they do not mention stays; on an error everything does.
    ///
    /// The README of the package lists the variables. What a variable says for all signals is overridden by what another
    /// says for one. If `OTEL_SDK_DISABLED` is true, no other is looked at.
    ///
    /// - Parameter environment: all variables by name, as `ProcessInfo.processInfo.environment` gives them.
    public mutating func apply(environment: [String: String]) throws(OpenTelemetryConfigurationError) {
        var changed = self
        let problems = changed.applyValid(environment: environment)
        guard problems.isEmpty else { throw OpenTelemetryConfigurationError(problems: problems) }
        self = changed
    }

    /// The same, as OpenTelemetry's specification would have it: a variable with a bad value counts as if it were not set,
    /// and the result says which ones those are.
    public mutating func applyValid(environment: [String: String]) -> [OpenTelemetryVariableProblem] {
        var reader = EnvironmentReader(environment)
        isDisabled = reader.flag("OTEL_SDK_DISABLED") ?? isDisabled
        if !isDisabled {
            applyResource(&reader)
            applySampler(&reader)
            applyExporters(&reader)
            applyReceivers(&reader)
            applyQueues(&reader)
            applyLimits(&reader)
        }
        ignoredVariables = isDisabled ? [] : reader.ignored
        return reader.problems.sorted { $0.variable < $1.variable }
    }

    private mutating func applyResource(_ reader: inout EnvironmentReader) {
        for (_, key, value) in reader.pairs("OTEL_RESOURCE_ATTRIBUTES") ?? [] {
            resourceAttributes.removeAll { $0.key == key }
            resourceAttributes.append(Field(key, value))
        }
        if let name = reader.text("OTEL_SERVICE_NAME") { serviceName = name }
    }

    private mutating func applySampler(_ reader: inout EnvironmentReader) {
        let words: [(String, Sampler)] = [
            ("always_on", .alwaysOn), ("always_off", .alwaysOff), ("traceidratio", .traceIDRatio(1)),
            ("parentbased_always_on", .parentBased(.alwaysOn)),
            ("parentbased_always_off", .parentBased(.alwaysOff)),
            ("parentbased_traceidratio", .parentBased(.traceIDRatio(1))),
        ]
        guard let chosen = reader.word("OTEL_TRACES_SAMPLER", words) else { return }
        guard case .traceIDRatio = chosen.root else {
            sampler = chosen
            return
        }
        let ratio = reader.share("OTEL_TRACES_SAMPLER_ARG") ?? 1
        sampler = Sampler(root: .traceIDRatio(ratio), isParentBased: chosen.isParentBased)
    }

    private mutating func applyExporters(_ reader: inout EnvironmentReader) {
        for signal in OTLPSignal.allCases {
            let name = "OTEL_\(signal.variableWord)_EXPORTER"
            guard let value = reader.text(name) else { continue }
            switch value.lowercased() {
            case "otlp": export.signals.insert(signal)
            case "none": export.signals.remove(signal)
            case let other: reader.report(name, value, .exporter(other, signal))
            }
        }
    }
}

extension OTLPSignal {
    /// How the names of variables call it.
    var variableWord: String {
        switch self {
        case .traces: "TRACES"
        case .metrics: "METRICS"
        case .logs: "LOGS"
        }
    }
}

extension OpenTelemetryVariableProblem.Reason {
    /// Why there is no exporter of this name for a signal.
    fileprivate static func exporter(_ word: String, _ signal: OTLPSignal) -> Self {
        switch (word, signal) {
        case ("console", .metrics), ("logging", .metrics):
            .unsupportedExporter(use: "print PrometheusText.render(registry.snapshot()) of VitrinePrometheus")
        case ("console", _), ("logging", _):
            .unsupportedExporter(use: "install a TreeWriter or a LineWriter of VitrineLogWriters")
        case ("prometheus", .metrics):
            .unsupportedExporter(use: "serve the registry by a PrometheusEndpoint of VitrinePrometheusEndpoint")
        case ("zipkin", .traces):
            .unsupportedExporter(use: "send OTLP to a collector that knows Zipkin")
        default: .unknownWord(allowed: ["otlp", "none"])
        }
    }
}
