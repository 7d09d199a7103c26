// SPDX-License-Identifier: MIT OR Apache-2.0

/// What an exporter that was shut down could not send, and what became of all that it was ever given.
public struct OTLPShutdownReport: Sendable, Hashable {
    /// How many spans were left when the time was over. They were dropped; a request under way may have brought some of
    /// them to the receiver.
    public let unsentSpanCount: Int
    /// How many log records were left, likewise.
    public let unsentLogRecordCount: Int
    /// How many spans were left to a later process, in the spool. A request under way may have brought some of them to the
    /// receiver as well.
    public var spooledSpanCount: Int { spans.spooledCount }
    /// How many log records were left to a later process, likewise.
    public var spooledLogRecordCount: Int { logs.spooledCount }
    /// How many data points were left to a later process, likewise.
    public var spooledDataPointCount: Int { dataPoints.spooledCount }
    /// How many data points were left when the time was over, as with spans.
    public let unsentDataPointCount: Int
    /// Whether the receiver has not got all metrics as they were at the end, be they in the spool or lost. False without a source
    /// of metrics.
    public let isMissingLastMetrics: Bool
    /// All spans until then. What other threads emit meanwhile or later is dropped as `shutdown` and is in the exporter's
    /// `spanCounts`; so with the others.
    public let spans: OTLPExportCounts
    /// All log records.
    public let logs: OTLPExportCounts
    /// All data points.
    public let dataPoints: OTLPExportCounts

    init(
        unsentSpanCount: Int = 0, unsentLogRecordCount: Int = 0, unsentDataPointCount: Int = 0,
        isMissingLastMetrics: Bool = false, spans: OTLPExportCounts = OTLPExportCounts(),
        logs: OTLPExportCounts = OTLPExportCounts(), dataPoints: OTLPExportCounts = OTLPExportCounts()
    ) {
        self.unsentSpanCount = unsentSpanCount
        self.unsentLogRecordCount = unsentLogRecordCount
        self.unsentDataPointCount = unsentDataPointCount
        self.isMissingLastMetrics = isMissingLastMetrics
        self.spans = spans
        self.logs = logs
        self.dataPoints = dataPoints
    }
}
