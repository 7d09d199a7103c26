// SPDX-License-Identifier: MIT OR Apache-2.0

internal import VitrineLogWriters
internal import VitrineObservability

/// The JSON array of Chrome's trace events, one object a line. Readers take it without its end, too.
///
/// Times are microseconds with three decimals, since midnight UTC before the writer was made: a reader that keeps them as
/// `Double`, as most do, still tells nanoseconds apart.
struct ChromeFormat: TimelineFormat {
    /// Midnight, in nanoseconds since the epoch.
    let origin: UInt64
    private let hostProcess: Int32

    static let nanosecondsPerDay: UInt64 = 86_400_000_000_000

    init(now: Timestamp, hostProcess: Int32) {
        origin = now.nanosecondsSinceEpoch / Self.nanosecondsPerDay * Self.nanosecondsPerDay
        self.hostProcess = hostProcess
    }

    func appendHeader(to record: inout LineBuffer) {
        record.append("[\n")
        appendMetadata("vitrine_clock", pid: hostProcess, lane: nil, to: &record)
        record.append(#""midnight_unix_seconds":"#)
        record.append(decimal: origin / 1_000_000_000)
        record.append("}}")
    }

    func appendFooter(to record: inout LineBuffer) { record.append("\n]\n") }

    func append(process: LaneProcess, number: Int, to record: inout LineBuffer) {
        let pid = process.pid(number: number, host: hostProcess)
        record.append(",\n")
        appendMetadata("process_name", pid: pid, lane: nil, to: &record)
        record.append(#""name":""#)
        record.append(process.name, .timeline, upTo: 64)
        record.append("\"}},\n")
        appendMetadata("process_sort_index", pid: pid, lane: nil, to: &record)
        record.append(#""sort_index":"#)
        record.append(decimal: UInt64(number))
        record.append("}}")
    }

    func append(lane: LanePlace, of process: LaneProcess, to record: inout LineBuffer) {
        let pid = process.pid(number: lane.process, host: hostProcess)
        record.append(",\n")
        appendMetadata("thread_name", pid: pid, lane: lane, to: &record)
        record.append(#""name":""#)
        record.append(process.name(of: lane.lane), .timeline, upTo: 64)
        record.append("\"}},\n")
        appendMetadata("thread_sort_index", pid: pid, lane: lane, to: &record)
        record.append(#""sort_index":"#)
        record.append(decimal: Int64(lane.lane))
        record.append("}}")
    }

    func append(
        counter: Int, name: String, unit: MetricUnit, _ limits: TimelineLimits, to record: inout LineBuffer
    ) {}

    func append(
        value: CounterValue, of counter: Int, name: String, time: UInt64, _ limits: TimelineLimits,
        to record: inout LineBuffer
    ) {
        record.append(#","#)
        record.append("\n")
        record.append(#"{"ph":"C","name":""#)
        record.append(name, .timeline, upTo: limits.valueByteCount)
        record.append(#"","pid":"#)
        record.append(decimal: Int64(hostProcess))
        appendTime(time, to: &record)
        record.append(#","args":{"value":"#)
        switch value {
        case .integer(let number): record.append(decimal: number)
        case .number(let number): record.append(number)
        }
        record.append("}}")
    }

    /// `{"ph":"M",…,"args":{`.
    private func appendMetadata(_ name: StaticString, pid: Int32, lane: LanePlace?, to record: inout LineBuffer) {
        record.append(#"{"ph":"M","name":""#)
        record.append(name)
        record.append(#"","pid":"#)
        record.append(decimal: Int64(pid))
        record.append(#","tid":"#)
        record.append(decimal: lane.map(Self.tid) ?? 0)
        record.append(#","args":{"#)
    }

    /// `,"pid":…,"tid":…,"ts":…`.
    func appendPlace(_ place: LanePlace, time: UInt64, to record: inout LineBuffer) {
        record.append(#","pid":"#)
        let pid = place.process == 0 ? hostProcess : LaneProcess.guests.pid(number: place.process, host: hostProcess)
        record.append(decimal: Int64(pid))
        record.append(#","tid":"#)
        record.append(decimal: Self.tid(place))
        appendTime(time, to: &record)
    }

    private func appendTime(_ time: UInt64, to record: inout LineBuffer) {
        record.append(time < origin ? #","ts":-"# : #","ts":"#)
        Self.append(microseconds: time < origin ? origin - time : time - origin, to: &record)
    }

    static func append(microseconds nanoseconds: UInt64, to record: inout LineBuffer) {
        record.append(decimal: nanoseconds / 1_000)
        record.append(".")
        record.append(decimal: nanoseconds % 1_000, width: 3)
    }

    /// The number of a lane as a thread, which no lane of another process has.
    static func tid(_ place: LanePlace) -> UInt64 {
        UInt64(place.process) * 10_000 + (place.lane == LanePlace.eventsLane ? 9_999 : UInt64(place.lane + 1))
    }
}
