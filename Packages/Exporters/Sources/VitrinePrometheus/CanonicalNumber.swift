// SPDX-License-Identifier: MIT OR Apache-2.0

/// A number as OpenMetrics wants the bounds of buckets: each always in the same way, and visibly no integer.
///
/// https://prometheus.io/docs/specs/om/open_metrics_spec/#considerations-canonical-numbers
///
/// The fewest digits that read back as the same double; with an exponent below 10⁻⁴ and from 10⁶ on, else with a point.
enum CanonicalNumber {
    static func text(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value > 0 ? "+Inf" : "-Inf" }
        if value == 0 { return "0.0" }
        let (digits, exponent) = parts(value.magnitude)
        let sign = value < 0 ? "-" : ""
        switch exponent {
        case ..<(-4), 6...:
            let fraction = digits.count > 1 ? "." + digits.dropFirst() : ""
            let magnitude = "\(exponent.magnitude)"
            return sign + digits.prefix(1) + fraction + "e" + (exponent < 0 ? "-" : "+")
                + (magnitude.count < 2 ? "0" : "") + magnitude
        case ..<0:
            return sign + "0." + String(repeating: "0", count: -exponent - 1) + digits
        default:
            let whole = digits.prefix(exponent + 1)
            let fraction = digits.dropFirst(exponent + 1)
            return sign + whole + String(repeating: "0", count: exponent + 1 - whole.count) + "."
                + (fraction.isEmpty ? "0" : fraction)
        }
    }

    /// The digits without zeros around them, and the power of ten of the first of them; of a positive number.
    private static func parts(_ value: Double) -> (digits: Substring, exponent: Int) {
        let text = value.description
        let halves = text.split(separator: "e")
        let mantissa = halves[0].split(separator: ".")
        let fraction = mantissa.count > 1 ? mantissa[1] : ""
        let all = mantissa[0] + fraction
        let leading = all.prefix { $0 == "0" }.count
        var digits = all.dropFirst(leading)
        while digits.last == "0" { digits.removeLast() }
        let written = halves.count > 1 ? Int(halves[1].drop { $0 == "+" }) ?? 0 : 0
        return (Substring(digits), written + mantissa[0].count - 1 - leading)
    }
}
