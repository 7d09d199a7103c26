// SPDX-License-Identifier: MIT OR Apache-2.0

internal import CVitrinePerfetto
internal import VitrineLogWriters
internal import VitrineObservability

/// The packets of a Perfetto trace, each of which can be read by itself. Times are nanoseconds of the wall clock.
struct PerfettoFormat: TimelineFormat, ~Copyable {
    /// Nanoseconds on three clocks at the same moment.
    struct Clocks: Sendable {
        let realtime: UInt64
        let monotonic: UInt64
        let boottime: UInt64
    }

    var packet: PerfettoPacket
    /// Where identifiers become texts.
    var digits = LineBuffer()
    private let clocks: Clocks
    private let hostProcess: Int32
    /// Numbers of tracks begin here, so that those of two files differ.
    private let firstTrack: UInt64

    /// Nil if there is no memory.
    init?(clocks: Clocks, hostProcess: Int32, limits: TimelineLimits, seed: UInt64) {
        // The messages take more memory than they have bytes.
        let byteCount = 4 * limits.checked.recordByteCount
        guard let packet = PerfettoPacket(sequence: UInt32(truncatingIfNeeded: seed) | 1, byteCount: byteCount) else {
            return nil
        }
        self.packet = packet
        self.clocks = clocks
        self.hostProcess = hostProcess
        firstTrack = seed & 0x7FFF_FFFF_0000_0000 | 1 << 32
    }

    mutating func appendHeader(to record: inout LineBuffer) {
        packet.beginClocks(realtime: clocks.realtime, monotonic: clocks.monotonic, boottime: clocks.boottime)
        packet.pack(to: &record)
        packet.beginRoot()
        packet.pack(to: &record)
    }

    mutating func appendFooter(to record: inout LineBuffer) {}

    mutating func append(process: LaneProcess, number: Int, to record: inout LineBuffer) {
        packet.beginProcess(
            track: track(process: number), pid: process.pid(number: number, host: hostProcess), rank: number,
            name: process.name)
        packet.pack(to: &record)
    }

    mutating func append(lane: LanePlace, of process: LaneProcess, to record: inout LineBuffer) {
        packet.beginTrack(
            track(lane), parent: track(process: lane.process), rank: lane.lane + 1, name: process.name(of: lane.lane))
        packet.pack(to: &record)
    }

    mutating func append(
        counter: Int, name: String, unit: MetricUnit, _ limits: TimelineLimits, to record: inout LineBuffer
    ) {
        // Below a track of their own, which can be folded, as viewers show counters before lanes.
        packet.beginTrack(counterGroup, parent: track(process: 0), rank: 10_000, name: "metrics")
        packet.pack(to: &record)
        packet.beginCounter(
            track: track(counter: counter), parent: counterGroup, rank: counter, name: name, unit: unit,
            limit: limits.valueByteCount)
        packet.pack(to: &record)
    }

    mutating func append(
        value: CounterValue, of counter: Int, name: String, time: UInt64, _ limits: TimelineLimits,
        to record: inout LineBuffer
    ) {
        packet.beginEvent(VITRINE_PERFETTO_VALUE, time: time, track: track(counter: counter), argumentCount: 0)
        packet.setValue(value)
        packet.pack(to: &record)
    }

    // The lowest 12 bits are lanes, the next 16 processes; counters come behind.

    private func track(process: Int) -> UInt64 { firstTrack + UInt64(process & 0xFFFF) << 12 }

    func track(_ place: LanePlace) -> UInt64 {
        // Lanes count from 0; the lane of events is the last, which no other can be.
        track(process: place.process) + (place.lane == LanePlace.eventsLane ? 0xFFF : UInt64(place.lane & 0xFFF) + 1)
    }

    private var counterGroup: UInt64 { firstTrack + 2 << 28 }

    private func track(counter: Int) -> UInt64 { firstTrack + 1 << 28 + UInt64(counter) }
}
