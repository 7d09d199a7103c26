// SPDX-License-Identifier: MIT OR Apache-2.0

/// Figures as a table: aligned for a terminal, or Markdown.
public struct FigureTable: Sendable {
    private static let allHeadings = [
        "figure", "median", "p99", "compared with", "its median", "ratio", "allocations", "goal", "met",
    ]
    private static let allLeftColumns: Set<String> = ["figure", "compared with", "met"]
    private static let allocationColumn = 6

    private let heading: [String]
    private var rows: [[String]] = []
    private var verdicts: [Bool?] = []

    /// The table of `figures`, in their order; with a column for allocations if one of them counts them.
    public init(_ figures: [Figure]) {
        var heading = Self.allHeadings
        if figures.allSatisfy({ $0.allocations == nil }) { heading.remove(at: Self.allocationColumn) }
        self.heading = heading
        for figure in figures { add(figure) }
    }

    private mutating func add(_ figure: Figure) {
        let goal: String =
            switch figure.goal {
            case nil: ""
            case .ratio(let limit): "≤ \(Self.decimal(limit, 2))"
            case .median(let limit): "< \(Self.decimal(limit, 0)) \(figure.unit.symbol)"
            }
        let verdict =
            switch figure.isMet {
            case true?: "yes"
            case false?: "no"
            case nil: figure.goal == nil ? "" : "unknown"
            }
        var row = [
            figure.name,
            "\(Self.decimal(figure.median, 2)) \(figure.unit.symbol)",
            "\(Self.decimal(figure.p99, 2)) \(figure.unit.symbol)",
            figure.referenceName ?? "",
            figure.reference.map { "\(Self.decimal($0, 2)) \(figure.unit.symbol)" }
                ?? (figure.referenceName == nil ? "" : "not here"),
            figure.ratio.map { Self.decimal($0, $0 < 0.1 ? 4 : 2) } ?? "",
            figure.allocations.map { Self.decimal($0, $0 == 0 ? 0 : 2) } ?? "",
            goal,
            verdict,
        ]
        if heading.count < row.count { row.remove(at: Self.allocationColumn) }
        rows.append(row)
        verdicts.append(figure.isMet)
    }

    /// Lines for a terminal, with colours for what was reached and what was not if `isColored`.
    public func text(isColored: Bool) -> String {
        let widths = heading.indices.map { column in
            max(heading[column].count, rows.map { $0[column].count }.max() ?? 0)
        }
        func line(_ cells: [String]) -> String {
            let padded = cells.indices.map { column in
                let spaces = String(repeating: " ", count: widths[column] - cells[column].count)
                return isLeft(column) ? cells[column] + spaces : spaces + cells[column]
            }
            return padded.joined(separator: "  ").trimmingTrailingSpaces()
        }
        var text = line(heading) + "\n"
        for (row, verdict) in zip(rows, verdicts) {
            let content = line(row)
            guard isColored, let verdict else {
                text += content + "\n"
                continue
            }
            // SGR colours of ECMA-48: 32 green, 31 red.
            text += "\u{1B}[\(verdict ? 32 : 31)m\(content)\u{1B}[0m\n"
        }
        return text
    }

    /// A Markdown table.
    public var markdown: String {
        func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |\n" }
        let rule = heading.indices.map { isLeft($0) ? "---" : "---:" }
        return line(heading) + line(rule)
            + rows.map { line(["`\($0[0])`"] + $0.dropFirst()) }.joined()
    }

    private func isLeft(_ column: Int) -> Bool { Self.allLeftColumns.contains(heading[column]) }

    /// `value` with `digits` decimals.
    static func decimal(_ value: Double, _ digits: Int) -> String {
        guard value.isFinite, abs(value) < 1e15 else { return "–" }
        var scale = 1.0
        for _ in 0..<digits { scale *= 10 }
        let scaled = UInt64((abs(value) * scale).rounded())
        let sign = value < 0 && scaled > 0 ? "-" : ""
        guard digits > 0 else { return sign + String(scaled) }
        let fraction = String(scaled % UInt64(scale))
        let zeros = String(repeating: "0", count: digits - fraction.count)
        return "\(sign)\(scaled / UInt64(scale)).\(zeros)\(fraction)"
    }
}

extension String {
    fileprivate func trimmingTrailingSpaces() -> String {
        var end = endIndex
        while end > startIndex, self[index(before: end)] == " " { end = index(before: end) }
        return String(self[..<end])
    }
}
