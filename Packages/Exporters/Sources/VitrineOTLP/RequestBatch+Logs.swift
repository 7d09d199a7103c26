// SPDX-License-Identifier: MIT OR Apache-2.0

import CVitrineOTLP
import VitrineObservability

extension RequestBatch {
    // SAFETY, of all below: as in `RequestBatch`.

    /// Adds an event as a log record.
    func add(log event: borrowing EventRecord, _ limits: OTLPLimits, _ details: OTLPDetails) {
        let time = event.time.nanosecondsSinceEpoch
        let severity = Severity(event.metadata.level)
        var record = vitrine_otlp_log(
            context: vitrine_otlp_context(event.context),
            time: time,
            observed_time: time,
            severity: severity.number,
            attributes: Self.attributes(
                event.fields.count, limit: limits.logRecordAttributeCount ?? limits.attributeCount)
        )
        let name = event.metadata.isNamed ? event.metadata.name : ""
        unsafe Self.lend(event.message, name) {
            unsafe vitrine_otlp_add_log(batch, &record, Self.text(severity.text), $0, $1)
        }
        addDetails(event.origin, event.metadata, details.subtracting(.level))
        add(event.fields.span, valueLimit: max(0, limits.logRecordValueByteCount ?? limits.valueByteCount))
    }
}

/// A level as OpenTelemetry numbers it: the first of four numbers of each.
///
/// https://opentelemetry.io/docs/specs/otel/logs/data-model/#field-severitynumber
private struct Severity {
    let number: Int32
    let text: StaticString

    init(_ level: Level) {
        switch level {
        case .off: (number, text) = (0, "")
        case .trace: (number, text) = (1, "TRACE")
        case .debug: (number, text) = (5, "DEBUG")
        case .info: (number, text) = (9, "INFO")
        case .warn: (number, text) = (13, "WARN")
        case .error: (number, text) = (17, "ERROR")
        }
    }
}
