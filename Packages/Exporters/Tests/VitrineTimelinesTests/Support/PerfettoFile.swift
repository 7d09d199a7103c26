// SPDX-License-Identifier: MIT OR Apache-2.0

import CPerfetto
import CProtobufC
import Foundation

/// A Perfetto trace, read back by protobuf-c.
struct PerfettoFile {
    struct Track {
        var name = ""
        var process = ""
        var pid: Int32 = 0
        var unit = ""
    }

    private(set) var slices: [Slice] = []
    private(set) var instants: [Slice] = []
    private(set) var values: [(track: String, time: Int64, value: Double)] = []
    private(set) var flows: [(name: String, from: [UInt64], to: [UInt64])] = []
    private(set) var tracks: [UInt64: Track] = [:]
    private(set) var sequences: Set<UInt32> = []
    /// The clocks of the first packet: number and nanoseconds; behind them the number of the trace's clock.
    private(set) var clocks: [UInt32: UInt64] = [:]
    private(set) var traceClock: UInt32 = 0
    private(set) var eventClocks: Set<UInt32> = []

    init(path: String) throws {
        try self.init(Data(contentsOf: URL(filePath: path)))
    }

    // SAFETY, of all below: protobuf-c checks the bytes and allocates the messages, whose pointers are valid, or null where
    // that is asked for, until they are freed at the end of `init`. Lists have as many elements as they say.
    init(_ data: Data) throws {
        let trace = unsafe data.withUnsafeBytes {
            unsafe vitrine_perfetto__trace__unpack(nil, $0.count, $0.bindMemory(to: UInt8.self).baseAddress)
        }
        guard let trace = unsafe trace else { throw CocoaError(.coderReadCorrupt) }
        defer { unsafe vitrine_perfetto__trace__free_unpacked(trace, nil) }
        for index in 0..<(unsafe trace.pointee.n_packet) {
            guard let packet = unsafe trace.pointee.packet[index] else { continue }
            unsafe read(packet.pointee)
        }
    }

    private mutating func read(_ packet: VitrinePerfetto__TracePacket) {
        unsafe sequences.insert(packet.trusted_packet_sequence_id)
        if let snapshot = unsafe packet.clock_snapshot {
            unsafe traceClock = snapshot.pointee.primary_trace_clock.rawValue
            for index in 0..<(unsafe snapshot.pointee.n_clocks) {
                guard let clock = unsafe snapshot.pointee.clocks[index] else { continue }
                unsafe clocks[clock.pointee.clock_id] = clock.pointee.timestamp
            }
        }
        if let descriptor = unsafe packet.track_descriptor { unsafe read(descriptor.pointee) }
        if let event = unsafe packet.track_event { unsafe read(event.pointee, packet) }
    }

    private mutating func read(_ descriptor: VitrinePerfetto__TrackDescriptor) {
        var track = Track()
        unsafe track.name = Self.text(descriptor.name)
        if let process = unsafe descriptor.process {
            unsafe track.process = Self.text(process.pointee.process_name)
            unsafe track.pid = process.pointee.pid
        } else {
            unsafe track.process = tracks[descriptor.parent_uuid]?.process ?? "unknown"
        }
        if let counter = unsafe descriptor.counter {
            unsafe track.unit =
                counter.pointee.has_unit != 0
                ? "\(counter.pointee.unit.rawValue)" : Self.text(counter.pointee.unit_name)
        }
        unsafe tracks[descriptor.uuid] = track
    }

    private mutating func read(_ event: VitrinePerfetto__TrackEvent, _ packet: VitrinePerfetto__TracePacket) {
        let track = unsafe tracks[event.track_uuid] ?? Track(name: "unknown", process: "unknown")
        let time = unsafe Int64(packet.timestamp) - Int64(MadeSpan.base)
        unsafe eventClocks.insert(packet.timestamp_clock_id)
        let name = unsafe Self.text(event.name)
        let category = unsafe event.n_categories > 0 ? Self.text(event.categories[0]) : ""
        let arguments = unsafe Self.flat(event.debug_annotations, event.n_debug_annotations, "")
        let slice = Slice(
            name: name, category: category, process: track.process, lane: track.name, start: time, end: nil,
            arguments: arguments)
        let from = unsafe (0..<event.n_flow_ids).map { unsafe event.flow_ids[$0] }
        let to = unsafe (0..<event.n_terminating_flow_ids).map { unsafe event.terminating_flow_ids[$0] }
        if !from.isEmpty || !to.isEmpty { flows.append((name, from, to)) }
        switch unsafe event.type {
        case VITRINE_PERFETTO__TRACK_EVENT__TYPE__TYPE_SLICE_BEGIN: slices.append(slice)
        case VITRINE_PERFETTO__TRACK_EVENT__TYPE__TYPE_SLICE_END: close(track, at: time)
        case VITRINE_PERFETTO__TRACK_EVENT__TYPE__TYPE_INSTANT: instants.append(slice)
        default:
            let value = unsafe event.has_counter_value != 0 ? Double(event.counter_value) : event.double_counter_value
            values.append((track.name, time, value))
        }
    }

    /// Ends the last slice of the lane that is open: the writer puts an end behind its beginning and what is held there.
    private mutating func close(_ track: Track, at time: Int64) {
        let open = slices.lastIndex { $0.lane == track.name && $0.process == track.process && $0.end == nil }
        guard let open else {
            return slices.append(
                Slice(
                    name: "end of nothing", category: "", process: track.process, lane: track.name, start: time,
                    end: time, arguments: [:]))
        }
        let begun = slices[open]
        slices[open] = Slice(
            name: begun.name, category: begun.category, process: begun.process, lane: begun.lane, start: begun.start,
            end: time, arguments: begun.arguments)
    }

    private static func text(_ text: UnsafeMutablePointer<CChar>?) -> String {
        guard let text = unsafe text else { return "" }
        return unsafe String(cString: text)
    }

    private static func flat(
        _ list: UnsafeMutablePointer<UnsafeMutablePointer<VitrinePerfetto__DebugAnnotation>?>?, _ count: Int,
        _ key: String
    ) -> [String: String] {
        var result: [String: String] = [:]
        for index in 0..<count {
            guard let item = unsafe list?[index]?.pointee else { continue }
            let name = unsafe item.name == nil ? "\(key)[\(index)]" : key + (key.isEmpty ? "" : ".") + text(item.name)
            unsafe result.merge(flat(item.dict_entries, item.n_dict_entries, name)) { $1 }
            unsafe result.merge(flat(item.array_values, item.n_array_values, name)) { $1 }
            switch unsafe item.value_case {
            case VITRINE_PERFETTO__DEBUG_ANNOTATION__VALUE_BOOL_VALUE:
                result[name] = unsafe item.bool_value != 0 ? "true" : "false"
            case VITRINE_PERFETTO__DEBUG_ANNOTATION__VALUE_UINT_VALUE: result[name] = unsafe "\(item.uint_value)"
            case VITRINE_PERFETTO__DEBUG_ANNOTATION__VALUE_INT_VALUE: result[name] = unsafe "\(item.int_value)"
            case VITRINE_PERFETTO__DEBUG_ANNOTATION__VALUE_DOUBLE_VALUE: result[name] = unsafe "\(item.double_value)"
            case VITRINE_PERFETTO__DEBUG_ANNOTATION__VALUE_STRING_VALUE:
                result[name] = unsafe text(item.string_value)
            default: break
            }
        }
        return result
    }
}
