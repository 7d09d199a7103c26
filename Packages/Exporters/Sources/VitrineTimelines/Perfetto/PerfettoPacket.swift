// SPDX-License-Identifier: MIT OR Apache-2.0

internal import CVitrinePerfetto
internal import VitrineLogWriters
internal import VitrineObservability

/// A packet of a Perfetto trace in C, used again for the next. Everything that is given is copied.
///
/// All pointers are in this file: each is lent to C for a call that keeps none.
@safe
struct PerfettoPacket: ~Copyable, @unchecked Sendable {
    // SAFETY, of all below: the packet is freed once, by its only owner, whose methods are the only ones that use it, one at
    // a time. So it may go from thread to thread. C reads texts and arrays only during the calls that lend them.

    private let packet: OpaquePointer
    private var packed: [UInt8] = []

    /// A packet of so many bytes of memory; nil if there are none.
    init?(sequence: UInt32, byteCount: Int) {
        guard let packet = unsafe vitrine_perfetto_create(sequence, byteCount) else { return nil }
        unsafe self.packet = packet
    }

    deinit { unsafe vitrine_perfetto_destroy(packet) }

    /// Whether something was left out.
    var isCut: Bool { unsafe vitrine_perfetto_is_cut(packet) }

    func beginClocks(realtime: UInt64, monotonic: UInt64, boottime: UInt64) {
        unsafe vitrine_perfetto_begin_clocks(packet, realtime, monotonic, boottime)
    }

    func beginRoot() { unsafe vitrine_perfetto_begin_root(packet) }

    func beginProcess(track: UInt64, pid: Int32, rank: Int, name: String) {
        unsafe Self.lend(name, 64) {
            unsafe vitrine_perfetto_begin_process(packet, track, pid, Int32(truncatingIfNeeded: rank), $0)
        }
    }

    func beginTrack(_ track: UInt64, parent: UInt64, rank: Int, name: String) {
        unsafe Self.lend(name, 64) {
            unsafe vitrine_perfetto_begin_track(packet, track, parent, Int32(truncatingIfNeeded: rank), $0)
        }
    }

    func beginCounter(track: UInt64, parent: UInt64, rank: Int, name: String, unit: MetricUnit, limit: Int) {
        let kind =
            switch unit {
            case .none: VITRINE_PERFETTO_NO_UNIT
            case .bytes: VITRINE_PERFETTO_BYTES
            default: VITRINE_PERFETTO_OTHER_UNIT
            }
        unsafe Self.lend(name, limit) { name in
            unsafe Self.lend(unit.code, 64) { unit in
                unsafe vitrine_perfetto_begin_counter(
                    packet, track, parent, Int32(truncatingIfNeeded: rank), name, kind, unit)
            }
        }
    }

    func beginEvent(_ event: vitrine_perfetto_event, time: UInt64, track: UInt64, argumentCount: Int) {
        unsafe vitrine_perfetto_begin_event(packet, event, time, track, argumentCount)
    }

    func setName(_ name: String, limit: Int, category: String, categoryLimit: Int) {
        unsafe Self.lend(name, limit) { name in
            unsafe Self.lend(category, categoryLimit) { unsafe vitrine_perfetto_set_name(packet, name, $0) }
        }
    }

    func setValue(_ value: CounterValue) {
        switch value {
        case .integer(let number): unsafe vitrine_perfetto_set_int(packet, number)
        case .number(let number): unsafe vitrine_perfetto_set_double(packet, number)
        }
    }

    func setFlows(beginning: [UInt64], ending: UInt64) {
        unsafe beginning.withUnsafeBufferPointer {
            unsafe vitrine_perfetto_set_flows(packet, $0.baseAddress, $0.count, ending)
        }
    }

    @inline(__always)
    func add(_ key: StaticString, _ value: StaticString) {
        unsafe vitrine_perfetto_add_text(packet, Self.text(key), Self.text(value))
    }

    @inline(__always)
    func add(_ key: StaticString, _ value: String, limit: Int) {
        unsafe Self.lend(value, limit) { unsafe vitrine_perfetto_add_text(packet, Self.text(key), $0) }
    }

    @inline(__always)
    func add(_ key: StaticString, _ value: Bool) { unsafe vitrine_perfetto_add_bool(packet, Self.text(key), value) }

    @inline(__always)
    func add(_ key: StaticString, _ value: UInt64) {
        unsafe vitrine_perfetto_add_unsigned(packet, Self.text(key), value)
    }

    /// Adds a text of the writer's own.
    func add(_ key: StaticString, bytes: Swift.Span<UInt8>) {
        unsafe bytes.withUnsafeBufferPointer {
            let text = unsafe vitrine_perfetto_text(bytes: $0.baseAddress, count: $0.count, limit: $0.count)
            unsafe vitrine_perfetto_add_text(packet, Self.text(key), text)
        }
    }

    // Under a key of a stranger; in an array the key is not written.

    @inline(__always)
    func add(_ key: String, _ value: String, limit: Int, keyLimit: Int) {
        unsafe Self.lend(key, keyLimit) { key in
            unsafe Self.lend(value, limit) { unsafe vitrine_perfetto_add_text(packet, key, $0) }
        }
    }

    @inline(__always)
    func add(_ key: String, _ value: Bool, keyLimit: Int) {
        unsafe Self.lend(key, keyLimit) { unsafe vitrine_perfetto_add_bool(packet, $0, value) }
    }

    @inline(__always)
    func add(_ key: String, _ value: Int64, keyLimit: Int) {
        unsafe Self.lend(key, keyLimit) { unsafe vitrine_perfetto_add_int(packet, $0, value) }
    }

    @inline(__always)
    func add(_ key: String, _ value: UInt64, keyLimit: Int) {
        unsafe Self.lend(key, keyLimit) { unsafe vitrine_perfetto_add_unsigned(packet, $0, value) }
    }

    @inline(__always)
    func add(_ key: String, _ value: Double, keyLimit: Int) {
        unsafe Self.lend(key, keyLimit) { unsafe vitrine_perfetto_add_double(packet, $0, value) }
    }

    func open(_ key: String, count: Int, hasKeys: Bool, keyLimit: Int) {
        unsafe Self.lend(key, keyLimit) { unsafe vitrine_perfetto_open(packet, $0, count, hasKeys) }
    }

    func close() { unsafe vitrine_perfetto_close(packet) }

    func markCut() { unsafe vitrine_perfetto_mark_cut(packet) }

    /// Appends the packet.
    mutating func pack(to record: inout LineBuffer) {
        let bound = unsafe vitrine_perfetto_bound(packet)
        if packed.count < bound { packed = [UInt8](repeating: 0, count: bound) }
        let count = unsafe packed.withUnsafeMutableBufferPointer { buffer in
            guard let start = buffer.baseAddress else { return 0 }
            return unsafe vitrine_perfetto_pack(packet, start, buffer.count)
        }
        record.append(contentsOf: packed.span.extracting(first: count))
        if isCut { record.markCut() }
    }

    /// Lends a text to C.
    @inline(__always)
    private static func lend(_ text: String, _ limit: Int, _ body: (vitrine_perfetto_text) -> Void) {
        unsafe text.utf8.span.withUnsafeBufferPointer {
            unsafe body(vitrine_perfetto_text(bytes: $0.baseAddress, count: $0.count, limit: limit))
        }
    }

    /// A text of the program.
    @inline(__always)
    private static func text(_ text: StaticString) -> vitrine_perfetto_text {
        unsafe vitrine_perfetto_text(
            bytes: text.utf8Start, count: text.utf8CodeUnitCount, limit: text.utf8CodeUnitCount)
    }
}
