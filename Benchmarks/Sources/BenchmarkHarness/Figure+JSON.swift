// SPDX-License-Identifier: MIT OR Apache-2.0

extension Figure {
    /// The figure as one JSON object on one line. What is not there is null.
    ///
    /// `median`, `p99` and `reference` are in `unit`; `goal` is the largest `ratio`, or with `goal_of` "median" the
    /// bound of the median in `unit`. No backend for a figure that needs none.
    public func json(backend: String?, date: String) -> String {
        let goalValue: Double?
        let goalSubject: String?
        switch goal {
        case nil: (goalValue, goalSubject) = (nil, nil)
        case .ratio(let limit): (goalValue, goalSubject) = (limit, "ratio")
        case .median(let limit): (goalValue, goalSubject) = (limit, "median")
        }
        let members: [(String, String)] = [
            ("name", Self.quoted(name)),
            ("unit", Self.quoted(unit.rawValue)),
            ("median", Self.number(median)),
            ("p99", Self.number(p99)),
            ("reference", Self.number(reference)),
            ("ratio", Self.number(ratio)),
            ("goal", Self.number(goalValue)),
            ("met", isMet.map { $0 ? "true" : "false" } ?? "null"),
            ("goal_of", Self.quoted(goalSubject)),
            ("reference_name", Self.quoted(referenceName)),
            ("reference_p99", Self.number(referenceP99)),
            ("allocations", Self.number(allocations)),
            ("samples", String(sampleCount)),
            ("backend", Self.quoted(backend)),
            ("date", Self.quoted(date)),
        ]
        return "{" + members.map { "\"\($0.0)\":\($0.1)" }.joined(separator: ",") + "}\n"
    }

    private static func number(_ value: Double?) -> String {
        guard let value, value.isFinite else { return "null" }
        return String((value * 10_000).rounded() / 10_000)
    }

    private static func quoted(_ text: String?) -> String {
        guard let text else { return "null" }
        let escaped = text.unicodeScalars.map { scalar in
            switch scalar {
            case "\"": "\\\""
            case "\\": "\\\\"
            case _ where scalar.value < 0x20: " "
            default: String(scalar)
            }
        }
        return "\"" + escaped.joined() + "\""
    }
}
