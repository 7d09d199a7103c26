// SPDX-License-Identifier: MIT OR Apache-2.0

/// What a figure has to reach.
public enum Goal: Hashable, Sendable {
    /// The median is at most so many times the reference's.
    case ratio(Double)
    /// The median is less than so many units.
    case median(Double)
}

/// The unit a figure is shown in; everything is measured in nanoseconds.
public enum FigureUnit: String, Hashable, Sendable {
    /// Microseconds.
    case microseconds = "us"
    /// Nanoseconds.
    case nanoseconds = "ns"

    /// Nanoseconds of one unit.
    var nanoseconds: Double { self == .microseconds ? 1000 : 1 }
    /// As a table shows it.
    var symbol: String { self == .microseconds ? "µs" : "ns" }
}

/// One measured figure, in its unit.
public struct Figure: Hashable, Sendable {
    /// The name that selects it on the command line.
    public let name: String
    /// The unit of median, p99 and reference.
    public let unit: FigureUnit
    /// The subject's median.
    public let median: Double
    /// The subject's 99th percentile.
    public let p99: Double
    /// How many samples of the subject there are.
    public let sampleCount: Int
    /// What it is compared with, in words; nil for nothing.
    public let referenceName: String?
    /// The reference's median; nil when it could not run here, or there is none.
    public let reference: Double?
    /// The reference's 99th percentile.
    public let referenceP99: Double?
    /// Allocations of one operation of the subject, which has to do without any; nil where they are not counted.
    public let allocations: Double?
    /// What it has to reach; nil for a figure that is only shown.
    public let goal: Goal?

    /// A figure of two sides' statistics, in nanoseconds.
    public init(
        name: String,
        unit: FigureUnit = .microseconds,
        subject: Statistics,
        referenceName: String?,
        reference: Statistics?,
        allocations: Double? = nil,
        goal: Goal?
    ) {
        self.name = name
        self.unit = unit
        median = subject.median / unit.nanoseconds
        p99 = subject.p99 / unit.nanoseconds
        sampleCount = subject.count
        self.referenceName = referenceName
        self.reference = reference.map { $0.median / unit.nanoseconds }
        referenceP99 = reference.map { $0.p99 / unit.nanoseconds }
        self.allocations = allocations
        self.goal = goal
    }

    /// The median over the reference's; nil without a reference.
    public var ratio: Double? {
        guard let reference, reference > 0 else { return nil }
        return median / reference
    }

    /// Whether the goal is reached, without an allocation; nil if there is none or it cannot be told.
    public var isMet: Bool? {
        if goal != nil, let allocations, allocations > 0 { return false }
        return isTimeMet
    }

    private var isTimeMet: Bool? {
        switch goal {
        case nil: nil
        case .ratio(let limit): ratio.map { $0 <= limit }
        case .median(let limit): median < limit
        }
    }
}
