// SPDX-License-Identifier: MIT OR Apache-2.0

/// What is said about a metric once, for all its series: a constant of the code that counts.
///
/// The kind of the metric is not part of it: the instrument asked for says it, so the two cannot differ.
public struct MetricDescriptor: Sendable, Hashable {
    /// The name. Prometheus wants the unit in it, in full (`_seconds`, `_bytes`), and `_total` behind a counter.
    public let name: String
    /// What the numbers are numbers of.
    public let unit: MetricUnit
    /// What it tells, in a sentence.
    public let help: String

    /// A descriptor of all its parts.
    public init(_ name: String, unit: MetricUnit = .none, help: String) {
        self.name = name
        self.unit = unit
        self.help = help
    }
}

/// A unit in the code that OpenTelemetry uses, UCUM.
///
/// https://opentelemetry.io/docs/specs/semconv/general/metrics/#instrument-units
public struct MetricUnit: Sendable, Hashable, ExpressibleByStringLiteral {
    /// The code, for example `s`, `By` or `{call}`; empty if nothing is said.
    public let code: String

    /// A unit of a code, taken as it is.
    public init(_ code: String) {
        self.code = code
    }

    /// A unit of a code, taken as it is.
    public init(stringLiteral code: String) {
        self.code = code
    }

    /// Nothing said.
    public static let none = MetricUnit("")
    /// A share or another number without dimension, `1`.
    public static let one = MetricUnit("1")
    /// Seconds, `s`.
    public static let seconds = MetricUnit("s")
    /// Bytes, `By`.
    public static let bytes = MetricUnit("By")
}

/// What sort of number a metric is.
public enum MetricKind: Sendable, Hashable, CaseIterable {
    /// A total that only grows.
    case counter
    /// A sum that goes up and down, and whose parts may be added over processes: sandboxes alive, bytes in use.
    case upDownCounter
    /// A number that is read, not added: a temperature, a share.
    case gauge
    /// How many values fell between bounds that were chosen beforehand.
    case histogram
    /// How many values fell between powers of a base, all of one relative width.
    case exponentialHistogram
}
