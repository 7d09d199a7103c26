// SPDX-License-Identifier: MIT OR Apache-2.0

import VitrineWire

/// Telemetry records by kind, gathered while they are read and added to the counters in one go.
struct RecordCounts: Sendable {
    private var counts = InlineArray<8, UInt64>(repeating: 0)
    private static let names: [String] = [
        "span_open", "span_close", "span_edit", "event", "print", "allocation", "free", "malformed",
    ]

    /// Counts a record that was understood.
    mutating func add(_ content: borrowing TelemetryRecord.Content) {
        switch copy content {
        case .spanOpen: counts[0] &+= 1
        case .spanClose: counts[1] &+= 1
        case .spanEdit: counts[2] &+= 1
        case .event: counts[3] &+= 1
        case .print: counts[4] &+= 1
        case .allocate: counts[5] &+= 1
        case .free: counts[6] &+= 1
        }
    }

    /// Counts one that was not.
    mutating func addMalformed() { counts[7] &+= 1 }

    /// Gives each kind that there was any of.
    func each(_ body: (_ kind: String, _ count: UInt64) -> Void) {
        for index in counts.indices where counts[index] > 0 { body(Self.names[index], counts[index]) }
    }
}
