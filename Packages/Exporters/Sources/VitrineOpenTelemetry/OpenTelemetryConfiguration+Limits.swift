// SPDX-License-Identifier: MIT OR Apache-2.0

import VitrineOTLP
import VitrineOTLPExport

extension OpenTelemetryConfiguration {
    /// How much is held of each signal, and when it goes out.
    mutating func applyQueues(_ reader: inout EnvironmentReader) {
        export.spans.apply(&reader, "OTEL_BSP")
        export.logs.apply(&reader, "OTEL_BLRP")
        if let interval = reader.duration("OTEL_METRIC_EXPORT_INTERVAL", atLeast: 1) {
            export.metricsIntervalMilliseconds = interval
        }
        if let timeout = reader.timeout("OTEL_METRIC_EXPORT_TIMEOUT") { export.metricsTimeoutMilliseconds = timeout }
    }

    /// How much of each record goes out.
    mutating func applyLimits(_ reader: inout EnvironmentReader) {
        export.encoding.applyLengths(&reader)
        export.encoding.applyCounts(&reader)
        if let count = reader.integer("OTEL_SPAN_EVENT_COUNT_LIMIT") {
            export.encoding.eventCount = count
            export.openSpans.eventCountPerSpan = count
        }
        if let count = reader.integer("OTEL_SPAN_LINK_COUNT_LIMIT") { export.encoding.linkCount = count }
    }
}

extension OTLPLimits {
    /// What is said of all records is said of each kind; what is said of spans is said of spans alone, with the texts of
    /// their events and links.
    fileprivate mutating func applyLengths(_ reader: inout EnvironmentReader) {
        if let length = reader.integer("OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT") {
            valueByteCount = length
            logRecordValueByteCount = nil
        }
        if let length = reader.integer("OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT") {
            logRecordValueByteCount = logRecordValueByteCount ?? valueByteCount
            valueByteCount = length
        }
        if let length = reader.integer("OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT") {
            logRecordValueByteCount = length
        }
    }

    fileprivate mutating func applyCounts(_ reader: inout EnvironmentReader) {
        if let count = reader.integer("OTEL_ATTRIBUTE_COUNT_LIMIT") {
            attributeCount = count
            (eventAttributeCount, linkAttributeCount, logRecordAttributeCount) = (nil, nil, nil)
        }
        if let count = reader.integer("OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT") {
            eventAttributeCount = eventAttributeCount ?? attributeCount
            linkAttributeCount = linkAttributeCount ?? attributeCount
            logRecordAttributeCount = logRecordAttributeCount ?? attributeCount
            attributeCount = count
        }
        if let count = reader.integer("OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT") { eventAttributeCount = count }
        if let count = reader.integer("OTEL_LINK_ATTRIBUTE_COUNT_LIMIT") { linkAttributeCount = count }
        if let count = reader.integer("OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT") { logRecordAttributeCount = count }
    }
}

extension OTLPQueueLimits {
    /// https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/#batch-span-processor
    fileprivate mutating func apply(_ reader: inout EnvironmentReader, _ prefix: String) {
        if let delay = reader.duration("\(prefix)_SCHEDULE_DELAY") { delayMilliseconds = delay }
        if let timeout = reader.timeout("\(prefix)_EXPORT_TIMEOUT") { exportTimeoutMilliseconds = timeout }
        if let count = reader.integer("\(prefix)_MAX_QUEUE_SIZE", in: 1...Self.maximumRecordCount) {
            recordCount = count
        }
        let name = "\(prefix)_MAX_EXPORT_BATCH_SIZE"
        guard let count = reader.integer(name, in: 1...Self.maximumRecordCount) else {
            batchRecordCount = min(batchRecordCount, recordCount)
            return
        }
        if count > recordCount {
            reader.report(name, String(count), .moreThanQueue(maximum: recordCount))
        } else {
            batchRecordCount = count
        }
    }

    private static var maximumRecordCount: Int { 1 << 20 }
}
