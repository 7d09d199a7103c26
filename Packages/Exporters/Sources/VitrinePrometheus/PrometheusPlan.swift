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
        /// None, behind a header that no line with a number follows.
        case none
    }

    private struct Step: Sendable {
        /// Where its text ends, and that of the next one begins.
        let end: Int
        let number: Number
        /// Which of the collected numbers.
        let index: Int
    }

    /// Lines with text that is known, and perhaps an exponential histogram behind them.
    private struct Section: Sendable {
        var text: [UInt8] = []
        var steps: [Step] = []
        var histogram: (lines: FamilyLines, labels: [MetricLabel], numbers: Range<Int>)?

        var maximumByteCount: Int { text.count + steps.count * (PrometheusNumber.maximumByteCount + 1) }
    }

    private var sections = [Section()]

    /// - Parameters:
    ///   - families: what a collector gives, of which only the bounds of the values are used.
    ///   - numbersPerSeries: for each family.
    init(_ families: [MetricFamily], numbersPerSeries: [Int]) {
        var index = 0
        for (family, numberCount) in zip(families, numbersPerSeries) {
            let lines = FamilyLines(family)
            lines.appendHeader(to: &sections[sections.count - 1].text)
            if family.series.isEmpty { close(.none, 0) }
            for series in family.series {
                add(series, lines, index..<index + numberCount)
                index += numberCount
            }
        }
    }

    private mutating func add(_ series: MetricSeries, _ lines: FamilyLines, _ numbers: Range<Int>) {
        func line(_ number: Number, _ index: Int = 0, suffix: String = "", upperBound: Double? = nil) {
            lines.appendStart(
                series.labels, suffix: suffix, upperBound: upperBound, to: &sections[sections.count - 1].text)
            close(number, numbers.lowerBound + index)
        }
        switch series.value {
        case .counter: line(.unsigned)
        case .upDownCounter: line(.signed)
        case .gauge: line(.double)
        case .histogram(let value):
            let firstBucket = numbers.count - value.bucketCounts.count
            for (position, bound) in (value.bounds + [.infinity]).enumerated() {
                let number: Number = position == 0 ? .firstBucket : .bucket
                line(number, firstBucket + position, suffix: "_bucket", upperBound: bound)
            }
            line(.double, suffix: "_sum")
            line(.count, suffix: "_count")
        case .exponentialHistogram:
            close(.none, 0)
            sections[sections.count - 1].histogram = (lines, series.labels, numbers)
            sections.append(Section())
        }
    }

    /// Ends the text of a step.
    private mutating func close(_ number: Number, _ index: Int) {
        let last = sections.count - 1
        sections[last].steps.append(Step(end: sections[last].text.count, number: number, index: index))
    }

    /// Appends all lines with their numbers.
    func render(_ numbers: [UInt64], into bytes: inout [UInt8]) {
        for section in sections {
            ByteCursor.append(atMost: section.maximumByteCount, to: &bytes) { Self.append(section, numbers, to: &$0) }
            if let (lines, labels, range) = section.histogram {
                let value = ExponentialHistogramValue(numbers: numbers[range])
                PrometheusText.append(value, lines, labels, to: &bytes)
            }
        }
    }

    private static func append(_ section: Section, _ numbers: [UInt64], to output: inout ByteCursor) {
        let text = section.text.span
        var start = 0
        var count: UInt64 = 0
        for step in section.steps {
            output.append(text, start..<step.end)
            start = step.end
            switch step.number {
            case .unsigned: output.append(decimal: numbers[step.index])
            case .signed: PrometheusNumber.signed(Int64(bitPattern: numbers[step.index])).append(to: &output)
            case .double: PrometheusNumber.double(Double(bitPattern: numbers[step.index])).append(to: &output)
            case .firstBucket:
                count = numbers[step.index]
                output.append(decimal: count)
            case .bucket:
                count &+= numbers[step.index]
                output.append(decimal: count)
            case .count: output.append(decimal: count)
            case .none: continue
            }
            output.append(UInt8(ascii: "\n"))
        }
    }
}
