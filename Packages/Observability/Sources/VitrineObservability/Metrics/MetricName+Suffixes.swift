// SPDX-License-Identifier: MIT OR Apache-2.0

// What Prometheus wants behind a name: the unit as a word, and `_total` of a counter.

extension MetricName {
    /// The name with the word of its unit behind it, and with `_total` behind that if it is a counter's; each once, so a name
    /// that has them already is only normalized.
    ///
    /// `call.duration` in seconds becomes `call_duration_seconds`, the counter `bytes.read` in bytes `bytes_read_bytes_total`.
    /// Registries do not do this by themselves, since it would give names that are in use another form.
    ///
    /// https://prometheus.io/docs/practices/naming/
    public static func suffixed(_ name: String, unit: MetricUnit, kind: MetricKind) -> String {
        var base = normalized(name)
        let total = "_total"
        if kind == .counter, base.hasSuffix(total) { base.removeLast(total.utf8.count) }
        // A share of something is a ratio; a count of things, as OpenTelemetry writes its unit, has none.
        if let word = unit.word, !(unit == .one && kind == .counter), base != word, !base.hasSuffix("_" + word) {
            base += "_" + word
        }
        return kind == .counter ? base + total : base
    }
}

extension MetricDescriptor {
    /// The descriptor with the name that Prometheus wants for an instrument of a kind; see `MetricName.suffixed`.
    public func suffixed(for kind: MetricKind) -> MetricDescriptor {
        MetricDescriptor(MetricName.suffixed(name, unit: unit, kind: kind), unit: unit, help: help)
    }
}

extension MetricUnit {
    /// What the unit is called in names, in full and in the plural: `seconds`, `bytes`, `ratio` of 1. Nil of a unit that
    /// has no such word, such as `{call}`.
    public var word: String? { Self.words[code] }

    private static let words: [String: String] = [
        "1": "ratio", "%": "percent",
        "ns": "nanoseconds", "us": "microseconds", "ms": "milliseconds", "s": "seconds", "min": "minutes", "h": "hours",
        "d": "days",
        "bit": "bits", "By": "bytes", "KiBy": "kibibytes", "MiBy": "mebibytes", "GiBy": "gibibytes", "kBy": "kilobytes",
        "MBy": "megabytes", "GBy": "gigabytes",
        "m": "meters", "g": "grams", "Hz": "hertz", "V": "volts", "A": "amperes", "W": "watts", "J": "joules",
        "Cel": "celsius",
    ]
}
