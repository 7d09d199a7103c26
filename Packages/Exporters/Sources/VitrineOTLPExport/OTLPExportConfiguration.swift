// SPDX-License-Identifier: MIT OR Apache-2.0

public import VitrineOTLP
public import VitrineObservability

/// How much of a signal is held, and when it goes out.
///
/// The defaults are those of OpenTelemetry's batch processors, with a bound in bytes added:
/// https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/#batch-span-processor
public struct OTLPQueueLimits: Sendable, Hashable {
    /// The most records that are held, with those on their way. From 1 to 1,048,576; so with the others as far as counts go.
    public var recordCount = 2_048
    /// The most bytes of memory that these may take, as estimated: texts and fixed sizes, not the allocator's share. As much as
    /// both signals may take, from 1 to 64 MiB, is also the bound of what was emitted and has not come to the queues yet.
    public var byteCount = 8 << 20
    /// The most records of a request. With so many, or half of the bytes, a request goes out at once.
    public var batchRecordCount = 512
    /// How long a record waits for others. One that came while a request was on its way may wait twice as long.
    public var delayMilliseconds: UInt32
    /// How long after its first attempt a request is tried again at the latest, where that is not as the retry policy says.
    public var exportTimeoutMilliseconds: UInt32?

    /// The defaults, with the delay of spans, 5 s.
    public init(delayMilliseconds: UInt32 = 5_000) {
        self.delayMilliseconds = delayMilliseconds
    }
}

/// How much is kept for spans that have not ended.
///
/// What finds no room is not lost: the event goes out as a log record. Only what is beyond `eventCountPerSpan` is dropped,
/// and told to the receiver with its span.
public struct OTLPOpenSpanLimits: Sendable, Hashable {
    /// The most open spans that are known; events of others become log records.
    public var spanCount = 4_096
    /// The most events of a span.
    public var eventCountPerSpan = 128
    /// The most bytes of memory that the events of all open spans may take, as estimated.
    public var byteCount = 4 << 20

    /// The defaults.
    public init() {}
}

/// All that can be said about an exporter in code.
public struct OTLPExportConfiguration: Sendable, Hashable {
    /// The most verbose level that is exported.
    public var maximumLevel = Level.debug
    /// How many spans are held, and when they go out.
    public var spans = OTLPQueueLimits()
    /// How many log records are held, and when they go out: after 1 s.
    public var logs = OTLPQueueLimits(delayMilliseconds: 1_000)
    /// How much is kept for open spans.
    public var openSpans = OTLPOpenSpanLimits()
    /// How requests are tried again.
    public var retry = OTLPRetryPolicy()
    /// How long a request may take.
    public var requestTimeoutMilliseconds: UInt32 = 10_000
    /// How long a request of a signal may take where that is another time.
    public var requestTimeoutMillisecondsBySignal: [OTLPSignal: UInt32] = [:]
    /// The time from one collection of metrics to the next; 0 counts as 1.
    public var metricsIntervalMilliseconds: UInt32 = 60_000
    /// How long a collection of metrics is tried, from when it was made.
    public var metricsTimeoutMilliseconds: UInt32 = 30_000
    /// The signals that are exported; metrics only if there is a source of them. Events go out as log records where spans do
    /// not, and with their spans alone where log records do not.
    public var signals = Set(OTLPSignal.allCases)
    /// The most verbose level at which events of spans that are not sampled go out, as log records.
    public var unsampledEventLevel = Level.warn
    /// How long `flush()` waits.
    public var flushTimeoutMilliseconds: UInt32 = 30_000
    /// How much of the time of `shutdown` is kept for writing what is left into the spool, if there is one; at most a quarter
    /// of it.
    public var spoolReserveMilliseconds: UInt32 = 1_000
    /// How much of each record goes out, and the most bytes of a request.
    public var encoding = OTLPLimits()
    /// What of the metadata becomes attributes.
    public var details = OTLPDetails.all
    /// What made the records.
    public var scope = OTLPScope.vitrine

    /// The defaults.
    public init() {}
}

extension OTLPQueueLimits {
    /// After how many records whoever fills the queue is to look at them: a request's worth, but while three quarters of the
    /// queue's room are left for those that come until it does.
    var newsworthyCount: Int { min(batchRecordCount, recordCount / 4) }
}

extension OTLPExportConfiguration {
    /// How long a request of a signal may take.
    func requestTimeoutMilliseconds(for signal: OTLPSignal) -> UInt32 {
        requestTimeoutMillisecondsBySignal[signal] ?? requestTimeoutMilliseconds
    }

    /// How long a request of spans or log records is tried again, in nanoseconds.
    func elapsedLimitNanoseconds(for signal: OTLPSignal) -> UInt64 {
        let limits = signal == .logs ? logs : spans
        return limits.exportTimeoutMilliseconds.map { UInt64($0) * 1_000_000 } ?? retry.maximumElapsedNanoseconds
    }
}
