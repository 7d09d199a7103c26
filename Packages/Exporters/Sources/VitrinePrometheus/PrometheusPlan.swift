// SPDX-License-Identifier: MIT OR Apache-2.0

import VitrineObservability

/// The text of all lines up to their numbers, and which number comes behind each.
struct PrometheusPlan: Sendable {
    private enum Number: Sendable {
        case unsigned, signed, double
        /// The first bucket of a histogram, and one that is added to those before.
        case firstBucket, bucket
        /// All buckets so far.
        case count
        /// The sum, and all buckets so far; in OpenMetrics without the whole line if the sum is negative.
        case soundSum, soundCount
        /// None, behind a header that no line with a number follows.
        case none
    }

    private struct Step: Sendable {
        /// Where its text ends, and that of the next one begins.
        let end: Int
        let number: Number
        /// Which of the collected numbers.
        let index: Int
        /// Which of the places for exemplars; -1 for a line that has none.
        let place: Int
    }

    /// Lines with text that is known, and perhaps an exponential histogram behind them.
    private struct Section: Sendable {
        var text: [UInt8] = []
        var steps: [Step] = []
        var histogram: (lines: FamilyLines, labels: [MetricLabel], numbers: Range<Int>, series: Int)?

        var maximumByteCount: Int { text.count + steps.count * (PrometheusNumber.maximumByteCount + 1) }
    }

    private let format: PrometheusFormat
    private var sections = [Section()]
    private var exemplars = ExemplarPlaces()
    private var seriesCount = 0

    /// - Parameters:
    ///   - families: what a collector gives, of which only the bounds of the values are used.
    ///   - numbersPerSeries: for each family.
    ///   - format: which text.
    ///   - target: what is scraped, if that is to be said.
    init(
        _ families: [MetricFamily], numbersPerSeries: [Int], _ format: PrometheusFormat, _ target: PrometheusTarget?
    ) {
        self.format = format
        var index = 0
        if let target {
            PrometheusText.append(target, format, to: &sections[0].text)
            close(.none, 0)
        }
        var names = FamilyNames(format, hasTarget: target != nil)
        for (family, numberCount) in zip(families, numbersPerSeries) {
            let lines = names.lines(of: family)
            lines.appendHeader(to: &sections[sections.count - 1].text)
            if family.series.isEmpty { close(.none, 0) }
            for series in family.series {
                add(series, lines, index..<index + numberCount)
                index += numberCount
                seriesCount += 1
            }
        }
    }

    private mutating func add(_ series: MetricSeries, _ lines: FamilyLines, _ numbers: Range<Int>) {
        func line(
            _ number: Number, _ index: Int = 0, suffix: String = "", upperBound: Double? = nil, place: Int? = nil
        ) {
            lines.appendStart(
                series.labels, suffix: suffix, upperBound: upperBound, to: &sections[sections.count - 1].text)
            close(number, numbers.lowerBound + index, place)
        }
        switch series.value {
        case .counter:
            let hasPlace = lines.type == .counter && format.isOpenMetrics
            line(.unsigned, place: hasPlace ? exemplars.add(ofSeries: seriesCount, nil) : nil)
        case .upDownCounter: line(.signed)
        case .gauge: line(.double)
        case .histogram(let value):
            let firstBucket = numbers.count - value.bucketCounts.count
            let firstPlace = format.isOpenMetrics ? exemplars.add(ofSeries: seriesCount, value.bounds) : nil
            for (position, bound) in (value.bounds + [.infinity]).enumerated() {
                line(
                    position == 0 ? .firstBucket : .bucket, firstBucket + position, suffix: "_bucket",
                    upperBound: bound, place: firstPlace.map { $0 + position })
            }
            if format.isOpenMetrics, value.bounds.contains(where: { $0 < 0 }) { return }
            line(format.isOpenMetrics ? .soundSum : .double, suffix: "_sum")
            line(format.isOpenMetrics ? .soundCount : .count, suffix: "_count")
        case .exponentialHistogram:
            close(.none, 0)
            sections[sections.count - 1].histogram = (lines, series.labels, numbers, seriesCount)
            sections.append(Section())
        }
    }

    /// Ends the text of a step.
    private mutating func close(_ number: Number, _ index: Int, _ place: Int? = nil) {
        let last = sections.count - 1
        sections[last].steps.append(
            Step(end: sections[last].text.count, number: number, index: index, place: place ?? -1))
    }

    /// Appends all lines with their numbers, and where the format has them, with exemplars.
    func render(_ numbers: [UInt64], _ exemplars: [[MetricExemplar]], into bytes: inout [UInt8]) {
        let placed = self.exemplars.texts(exemplars)
        for section in sections {
            let byteCount = section.maximumByteCount + placed.text.count
            ByteCursor.append(atMost: byteCount, to: &bytes) { Self.append(section, numbers, placed, to: &$0) }
            if let (lines, labels, range, series) = section.histogram {
                let value = ExponentialHistogramValue(numbers: numbers[range])
                PrometheusText.append(value, lines, labels, exemplars.isEmpty ? [] : exemplars[series], to: &bytes)
            }
        }
    }

    private static func append(
        _ section: Section, _ numbers: [UInt64], _ exemplars: ExemplarPlaces.Texts, to output: inout ByteCursor
    ) {
        let text = section.text.span
        var start = 0
        var count: UInt64 = 0
        for step in section.steps {
            let line = start..<step.end
            start = step.end
            if step.number == .soundSum || step.number == .soundCount {
                // Both lines look at the same number, the first of the series.
                guard Double(bitPattern: numbers[step.index]) >= 0 else { continue }
            }
            output.append(text, line)
            switch step.number {
            case .unsigned: output.append(decimal: numbers[step.index])
            case .signed: PrometheusNumber.signed(Int64(bitPattern: numbers[step.index])).append(to: &output)
            case .double, .soundSum:
                PrometheusNumber.double(Double(bitPattern: numbers[step.index])).append(to: &output)
            case .firstBucket:
                count = numbers[step.index]
                output.append(decimal: count)
            case .bucket:
                count &+= numbers[step.index]
                output.append(decimal: count)
            case .count, .soundCount: output.append(decimal: count)
            case .none: continue
            }
            if step.place >= 0, !exemplars.ranges.isEmpty {
                output.append(exemplars.text.span, exemplars.ranges[step.place])
            }
            output.append(UInt8(ascii: "\n"))
        }
    }
}
