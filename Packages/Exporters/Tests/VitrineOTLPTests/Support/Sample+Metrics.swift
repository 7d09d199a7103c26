// SPDX-License-Identifier: MIT OR Apache-2.0

import VitrineObservability

extension Sample {
    static let families: [MetricFamily] = [
        MetricFamily(
            name: "calls_total", unit: "{call}", help: "Calls.", kind: .counter,
            series: [
                MetricSeries(labels: [MetricLabel(name: "kind", value: "a")], value: .counter(0)),
                MetricSeries(labels: [MetricLabel(name: "kind", value: "b")], value: .counter(.max)),
                MetricSeries(labels: [.overflow], value: .counter(7)),
            ]),
        MetricFamily(
            name: "alive", help: "", kind: .upDownCounter,
            series: [MetricSeries(labels: [], value: .upDownCounter(-3))]),
        MetricFamily(
            name: "share", unit: .one, help: "A share.", kind: .gauge,
            series: [MetricSeries(labels: [], value: .gauge(0.25))]),
        MetricFamily(
            name: "seconds", unit: .seconds, help: "Durations.", kind: .histogram,
            series: [
                MetricSeries(
                    labels: [],
                    value: .histogram(HistogramValue(bounds: [0.5, 1], bucketCounts: [1, 0, 2], sum: 3.5)),
                    exemplars: exemplars),
                MetricSeries(
                    labels: [MetricLabel(name: "kind", value: "none")],
                    value: .histogram(HistogramValue(bounds: [], bucketCounts: [0], sum: 0))),
            ]),
        MetricFamily(
            name: "sizes", unit: .bytes, help: "Sizes.", kind: .exponentialHistogram,
            series: [
                MetricSeries(
                    labels: [],
                    value: .exponentialHistogram(
                        ExponentialHistogramValue(
                            scale: -1, zeroCount: 2, zeroThreshold: 0x1p-30, offset: -5, bucketCounts: [300, 0, 1],
                            sum: 12)))
            ]),
    ]

    static let exemplars = [
        MetricExemplar(.double(0.75), in: context(3), at: at(500), fields: [Field("user", "eve")]),
        MetricExemplar(.int64(-1), in: nil, at: at(600)),
    ]

    private static let times: [String: Tree] = [
        "start_time_unix_nano": .number(time), "time_unix_nano": .number(time + 1_000),
    ]

    private static func point(_ fields: [String: Tree], _ labels: [Field] = []) -> Tree {
        let attributes: [String: Tree] =
            labels.isEmpty ? [:] : ["attributes": .list(labels.map(Expectation.attribute))]
        return .message(times.merging(fields) { $1 }.merging(attributes) { $1 })
    }

    /// What a decoder has to read of the families.
    static let familyTrees: [Tree] = [
        [
            "name": "calls_total", "unit": "{call}", "description": "Calls.",
            "sum": [
                "aggregation_temporality": "2", "is_monotonic": "true",
                "data_points": [
                    point(["as_int": "0"], [Field("kind", "a")]),
                    point(["as_double": .double(0x1p64)], [Field("kind", "b")]),
                    point(["as_int": "7"], [Field("otel.metric.overflow", true)]),
                ],
            ],
        ],
        ["name": "alive", "sum": ["aggregation_temporality": "2", "data_points": [point(["as_int": "-3"])]]],
        [
            "name": "share", "unit": "1", "description": "A share.",
            "gauge": ["data_points": [["time_unix_nano": .number(time + 1_000), "as_double": .double(0.25)]]],
        ],
        [
            "name": "seconds", "unit": "s", "description": "Durations.",
            "histogram": [
                "aggregation_temporality": "2",
                "data_points": [
                    point([
                        "count": "3", "sum": .double(3.5), "bucket_counts": ["1", "0", "2"],
                        "explicit_bounds": [.double(0.5), .double(1)],
                        "exemplars": [
                            [
                                "time_unix_nano": .number(time + 500), "as_double": .double(0.75),
                                "trace_id": "0af7651916cd43dd8448eb211c80319c", "span_id": "0000000000000003",
                                "filtered_attributes": [Expectation.attribute(Field("user", "eve"))],
                            ],
                            ["time_unix_nano": .number(time + 600), "as_int": "-1"],
                        ],
                    ]),
                    point(["sum": .double(0), "bucket_counts": ["0"]], [Field("kind", "none")]),
                ],
            ],
        ],
        [
            "name": "sizes", "unit": "By", "description": "Sizes.",
            "exponential_histogram": [
                "aggregation_temporality": "2",
                "data_points": [
                    point([
                        "count": "303", "sum": .double(12), "scale": "-1", "zero_count": "2",
                        "zero_threshold": .double(0x1p-30),
                        "positive": ["offset": "-5", "bucket_counts": ["300", "0", "1"]],
                    ])
                ],
            ],
        ],
    ]
}
