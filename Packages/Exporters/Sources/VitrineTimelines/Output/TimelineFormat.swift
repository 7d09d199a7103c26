// SPDX-License-Identifier: MIT OR Apache-2.0

internal import VitrineLogWriters
internal import VitrineObservability

/// How a file says what happened. Each call appends whole records.
protocol TimelineFormat: ~Copyable, Sendable {
    /// The beginning of the file. Its last record may be written again, where that does no harm.
    mutating func appendHeader(to record: inout LineBuffer)
    /// A process, and a lane of it.
    mutating func append(process: LaneProcess, number: Int, to record: inout LineBuffer)
    mutating func append(lane: LanePlace, of process: LaneProcess, to record: inout LineBuffer)
    /// A span that ended, up to where what begins together with it has to come, and the rest.
    mutating func appendBeginning(
        _ span: borrowing SpanView, _ slice: EndedSlice, _ limits: TimelineLimits, to record: inout LineBuffer)
    mutating func appendEnd(_ span: SpanID, _ slice: EndedSlice, to record: inout LineBuffer)
    /// A span that is still open when the file ends.
    mutating func append(
        open slice: OpenSlice, lane: LanePlace, _ limits: TimelineLimits, to record: inout LineBuffer)
    mutating func append(
        _ event: borrowing EventView, at place: LanePlace, time: UInt64, _ limits: TimelineLimits,
        to record: inout LineBuffer)
    /// A counter, and a value of it.
    mutating func append(
        counter: Int, name: String, unit: MetricUnit, _ limits: TimelineLimits, to record: inout LineBuffer)
    mutating func append(
        value: CounterValue, of counter: Int, name: String, time: UInt64, _ limits: TimelineLimits,
        to record: inout LineBuffer)
    /// The end of the file.
    mutating func appendFooter(to record: inout LineBuffer)
}

/// A value of a counter track.
enum CounterValue: Sendable {
    case integer(Int64)
    case number(Double)
}

extension LaneProcess {
    /// What it is called.
    var name: String {
        switch self {
        case .host: "host"
        case .guest(let sandbox): "guest of sandbox \(sandbox)"
        case .guests: "guests"
        }
    }

    /// What a lane of it is called. Names differ, as viewers put tracks of one name together.
    func name(of lane: Int) -> String {
        guard lane != LanePlace.eventsLane else { return "events" }
        return self == .host ? "host \(lane + 1)" : "guest \(lane + 1)"
    }

    /// The number of a process: that of this one for the host, one that no process has for guests.
    func pid(number: Int, host: Int32) -> Int32 {
        self == .host ? host : 1_000_000_000 + Int32(truncatingIfNeeded: number & 0xFFFF)
    }
}

extension SpanKind {
    /// Its name.
    var text: StaticString {
        switch self {
        case .internal: "internal"
        case .server: "server"
        case .client: "client"
        case .producer: "producer"
        case .consumer: "consumer"
        }
    }
}
