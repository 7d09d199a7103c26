// SPDX-License-Identifier: MIT OR Apache-2.0

/// A metric whose labels are known only when something is counted: their names are given once, their values each time.
///
/// A combination of values that was seen before is found without a lock and without an allocation, in 15 to 40 ns for
/// one to three short values; where the values are known beforehand, a handle is much cheaper. Missing values count as
/// empty, and those without a name are ignored.
///
/// As many combinations are kept apart as the recorder allows; all others are counted together, in the series with the
/// label `MetricLabel.overflow`. So values may come from anybody. Those of more than
/// `MetricLabel.maximumValueByteCount` bytes are looked up under a lock each time.
///
/// A copy is the same family. Families of any recorder work alike, since they are made of its instruments.
public struct InstrumentFamily<Instrument: Sendable>: Sendable {
    /// The names of the labels, in the order of the values.
    public var labelNames: [String] { table.labelNames }

    let table: LabelTable<Instrument>

    /// A family of instruments that you make.
    ///
    /// - Parameters:
    ///   - labelNames: the names of the labels.
    ///   - maximumCombinations: how many are kept apart. With 0 all are counted together and no value is looked at: that
    ///     is what the no-op recorder's families do.
    ///   - makeInstrument: gives the instrument of labels, in the order of the names. Called for each combination once, or
    ///     now and then twice; beyond the maximum with `[.overflow]`.
    public init(
        labelNames: [String],
        maximumCombinations: Int,
        makeInstrument: @escaping @Sendable ([MetricLabel]) -> Instrument
    ) {
        table = LabelTable(labelNames: labelNames, maximumCount: maximumCombinations, make: makeInstrument)
    }

    /// The instrument of values, to be kept where they do not change.
    public func instrument(_ values: String...) -> Instrument {
        instrument(values: values)
    }

    /// The instrument of values in an array.
    public func instrument(values: [String]) -> Instrument {
        table.instrument(values.prefix(labelNames.count))
    }
}

/// A counter with labels given each time.
public typealias CounterFamily = InstrumentFamily<Counter>
/// An up-down counter with labels given each time.
public typealias UpDownCounterFamily = InstrumentFamily<UpDownCounter>
/// A gauge with labels given each time.
public typealias GaugeFamily = InstrumentFamily<Gauge>
/// A histogram with labels given each time.
public typealias HistogramFamily = InstrumentFamily<Histogram>

extension MetricsRecorder {
    /// A counter with labels given each time. As all families, to be made once and kept.
    public func counterFamily(_ descriptor: MetricDescriptor, labelNames: [String]) -> CounterFamily {
        InstrumentFamily(labelNames: labelNames, maximumCombinations: maximumSeriesPerFamily) { labels in
            counter(descriptor, labels: labels)
        }
    }

    /// An up-down counter with labels given each time.
    public func upDownCounterFamily(_ descriptor: MetricDescriptor, labelNames: [String]) -> UpDownCounterFamily {
        InstrumentFamily(labelNames: labelNames, maximumCombinations: maximumSeriesPerFamily) { labels in
            upDownCounter(descriptor, labels: labels)
        }
    }

    /// A gauge with labels given each time.
    public func gaugeFamily(_ descriptor: MetricDescriptor, labelNames: [String]) -> GaugeFamily {
        InstrumentFamily(labelNames: labelNames, maximumCombinations: maximumSeriesPerFamily) { labels in
            gauge(descriptor, labels: labels)
        }
    }

    /// A histogram with labels given each time; its buckets are the standard ones of the unit if nothing is said.
    public func histogramFamily(
        _ descriptor: MetricDescriptor, buckets: HistogramBuckets? = nil, labelNames: [String]
    ) -> HistogramFamily {
        let buckets = buckets ?? .standard(for: descriptor.unit)
        return InstrumentFamily(labelNames: labelNames, maximumCombinations: maximumSeriesPerFamily) { labels in
            histogram(descriptor, buckets: buckets, labels: labels)
        }
    }
}
