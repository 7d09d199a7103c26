// SPDX-License-Identifier: MIT OR Apache-2.0

import Synchronization

/// Where metrics are registered by name and from where exporters take their snapshots.
///
/// A wrong name never stops a program: it is normalized as `MetricName` describes. Labels with an empty value are left
/// out, since Prometheus takes them for absent; of two labels of the same name the first counts. Families that come to
/// the same name and kind are one family, with the unit, the help text and the bounds of the first.
///
/// A name belongs to the kind that took it first. Another kind under the same name gets the name with its kind behind
/// (`requests_gauge`), so nothing is lost and the mistake is seen where it is looked for. The names that Prometheus gives
/// to the lines of a histogram (`_bucket`, `_sum`, `_count`) are the histogram's in the same way.
///
/// Memory: a counter is 8 bytes in each thread that touches it, a histogram of n bounds 8 × (n + 3), both in chunks of
/// 8 KiB; a thread's first touch takes 16 KiB of address space besides. All registries of a process together have room for
/// two million such numbers; a series beyond that counts nothing, and `refusedSeriesCount` tells.
public final class MetricsRegistry: MetricsRecorder {
    /// A registry for the whole process, which the sandbox counts in.
    public static let shared = MetricsRegistry()

    /// The default of `maximumSeriesPerFamily`.
    public static let defaultMaximumSeriesPerFamily = 1_000

    /// The name of the label of the overflow series: `MetricLabel.overflow`.
    public static let overflowLabel = MetricLabel.overflow.name

    /// How many combinations of labels a family keeps apart; the overflow series comes on top.
    public let maximumSeriesPerFamily: Int

    /// Whether counters and histograms keep exemplars.
    public let keepsExemplars: Bool

    /// When the registry began, and all its totals at zero.
    public let startTime: Timestamp

    private struct State {
        var families: [String: RegistryFamily] = [:]
        /// The other names of all histograms.
        var histogramLines: Set<String> = []
        var contents = RegistryContents(revision: 0, families: [:], keepsExemplars: false)
        var revision: UInt64 = 0
        var refusedSeriesCount: UInt64 = 0

        /// The name that a kind gets for the one it wants: with its kind behind, until nobody else has it.
        func name(for kind: MetricKind, _ wanted: String) -> String {
            var name = wanted
            while true {
                let isFree =
                    families[name].map { $0.kind == kind }
                    ?? (!histogramLines.contains(name) && !kind.lineNames(name).contains { families[$0] != nil })
                if isFree { return name }
                name += "_" + kind.word
            }
        }
    }

    private let state = Mutex(State())

    /// An empty registry.
    ///
    /// - Parameters:
    ///   - maximumSeriesPerFamily: how many combinations of labels a family keeps apart; below 1 counts as 1.
    ///   - keepsExemplars: whether each counter keeps the last increment that was made in a sampled span, and each histogram
    ///     the last value of each bucket, with time, trace and span. A histogram of exponential buckets keeps at most nine.
    ///     An exemplar takes 64 bytes; counting in a sampled span then costs about 60 ns more, and elsewhere 20 ns.
    ///     Without it neither costs anything.
    public init(
        maximumSeriesPerFamily: Int = MetricsRegistry.defaultMaximumSeriesPerFamily, keepsExemplars: Bool = false
    ) {
        self.keepsExemplars = keepsExemplars
        self.maximumSeriesPerFamily = max(1, maximumSeriesPerFamily)
        startTime = .now
    }

    /// The counter of a metric and labels, registered at zero if it is new. Takes a lock and hashes.
    ///
    /// Once the family is full, every new combination gets the overflow series; so it is for all kinds.
    public func counter(_ descriptor: MetricDescriptor, labels: [MetricLabel]) -> Counter {
        guard case .cells(let lease) = storage(descriptor, .counter, labels) else { return Counter() }
        return Counter(lease)
    }

    /// The up-down counter of a metric and labels, registered at zero if it is new. Takes a lock and hashes.
    public func upDownCounter(_ descriptor: MetricDescriptor, labels: [MetricLabel]) -> UpDownCounter {
        guard case .cells(let lease) = storage(descriptor, .upDownCounter, labels) else { return UpDownCounter() }
        return UpDownCounter(lease)
    }

    /// The gauge of a metric and labels, registered at zero if it is new. Takes a lock and hashes.
    public func gauge(_ descriptor: MetricDescriptor, labels: [MetricLabel]) -> Gauge {
        guard case .gauge(let cell) = storage(descriptor, .gauge, labels) else { return Gauge() }
        return Gauge(cell)
    }

    /// The histogram of a metric and labels, registered empty if it is new. Takes a lock and hashes. All series of a family
    /// have the bounds of the first.
    public func histogram(_ descriptor: MetricDescriptor, buckets: HistogramBuckets, labels: [MetricLabel]) -> Histogram
    {
        let kind: MetricKind = buckets == .exponential ? .exponentialHistogram : .histogram
        guard case .histogram(let cells) = storage(descriptor, kind, labels, buckets) else { return Histogram() }
        return Histogram(cells)
    }

    /// How many registrations got nothing, because the process has no more room for numbers. 0 in any sane program.
    public var refusedSeriesCount: UInt64 { state.withLock { $0.refusedSeriesCount } }

    /// What there is to read, in order; made anew after a registration only.
    var contents: RegistryContents {
        state.withLock { state in
            if state.contents.revision != state.revision {
                state.contents = RegistryContents(
                    revision: state.revision, families: state.families, keepsExemplars: keepsExemplars)
            }
            return state.contents
        }
    }

    private func storage(
        _ descriptor: MetricDescriptor, _ kind: MetricKind, _ labels: [MetricLabel], _ buckets: HistogramBuckets? = nil
    ) -> SeriesStorage? {
        let labels = labels.normalizedLabels()
        let wanted = MetricName.normalized(descriptor.name)
        return state.withLock { state in
            let name = state.name(for: kind, wanted)
            if let known = state.families[name]?.known(labels, limit: maximumSeriesPerFamily) { return known }
            if state.families[name] == nil {
                let descriptor = MetricDescriptor(name, unit: descriptor.unit, help: descriptor.help)
                state.families[name] = RegistryFamily(
                    descriptor, kind: kind, buckets: buckets, keepsExemplars: keepsExemplars)
                state.histogramLines.formUnion(kind.lineNames(name))
            }
            guard let new = state.families[name]?.add(labels, limit: maximumSeriesPerFamily) else {
                state.refusedSeriesCount += 1
                return nil
            }
            state.revision += 1
            return new
        }
    }
}

extension MetricKind {
    /// What is put behind a name that another kind has.
    fileprivate var word: String {
        switch self {
        case .counter: "counter"
        case .upDownCounter: "up_down_counter"
        case .gauge: "gauge"
        case .histogram: "histogram"
        case .exponentialHistogram: "exponential_histogram"
        }
    }

    /// Under which other names Prometheus shows the kind.
    fileprivate func lineNames(_ name: String) -> [String] {
        switch self {
        case .counter, .upDownCounter, .gauge: []
        case .histogram, .exponentialHistogram: [name + "_bucket", name + "_sum", name + "_count"]
        }
    }
}
