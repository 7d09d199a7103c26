// SPDX-License-Identifier: MIT OR Apache-2.0

import VitrineHypervisor
import VitrineObservability
import VitrineWire

extension GuestTelemetry {
    /// What becomes of one record; the reason if it is dropped.
    mutating func take(
        _ record: TelemetryRecord, _ records: RawSpan, _ memory: borrowing GuestMemory
    ) -> DropReason? {
        let nanoseconds = clock.nanoseconds(ofTicks: record.ticks)
        switch record.content {
        case .spanOpen(let open):
            return take(open, of: record, at: nanoseconds, records, memory)
        case .spanClose(let number):
            // No budget: only as many do anything as there are spans that were let in. One of a span that is not open
            // says nothing new: the span was not wanted, was dropped, or was of an earlier call.
            spans.close(number, at: timestamp(nanoseconds))
            return nil
        case .spanEdit(let number, let fields):
            guard budget.takeRecord(byteCount: 32 + byteCount(of: fields, records)) else { return .overBudget }
            guard let fields = values(fields, records, memory) else { return .malformed }
            spans.edit(number, fields: fields)
            return nil
        case .event(let event):
            return take(event, of: record, at: nanoseconds, records, memory)
        case .print(let string):
            // Takes nothing of a budget of bytes, so a flood of them would have no end; and it says nothing.
            guard string.byteCount > 0 else { return nil }
            guard budget.takePrint(byteCount: string.byteCount) else { return .printOverBudget }
            guard let onPrint else { return nil }
            guard let text = strings.text(string, records: records, memory: memory) else { return .malformed }
            onPrint(text)
            return nil
        case .allocate(let allocation):
            guard let allocationTrace else { return nil }
            collectFrames(of: allocation, records)
            allocationTrace.allocation(
                nanoseconds: nanoseconds, address: allocation.address, byteCount: allocation.byteCount, frames: frames)
            return nil
        case .free(let allocation):
            guard let allocationTrace else { return nil }
            collectFrames(of: allocation, records)
            allocationTrace.free(nanoseconds: nanoseconds, address: allocation.address, frames: frames)
            return nil
        }
    }

    private mutating func take(
        _ open: TelemetryRecord.SpanOpen, of record: TelemetryRecord, at nanoseconds: UInt64, _ records: RawSpan,
        _ memory: borrowing GuestMemory
    ) -> DropReason? {
        guard let level = deliverable(record.level) else { return nil }
        let byteCount =
            64 + open.name.byteCount + open.target.byteCount + open.file.byteCount + byteCount(of: open.fields, records)
        guard budget.takeRecord(byteCount: byteCount) else { return .overBudget }
        guard let name = strings.text(open.name, records: records, memory: memory),
            let target = strings.text(open.target, records: records, memory: memory),
            let file = strings.text(open.file, records: records, memory: memory),
            let fields = values(open.fields, records, memory)
        else { return .malformed }
        return spans.open(
            open.span, parent: open.parent,
            metadata: Metadata(name: name, target: target, level: level, kind: .span, file: file, line: open.line),
            fields: fields, at: timestamp(nanoseconds))
    }

    private mutating func take(
        _ event: TelemetryRecord.Event, of record: TelemetryRecord, at nanoseconds: UInt64, _ records: RawSpan,
        _ memory: borrowing GuestMemory
    ) -> DropReason? {
        guard let level = deliverable(record.level) else { return nil }
        let byteCount =
            64 + event.message.byteCount + event.target.byteCount + event.file.byteCount
            + byteCount(of: event.fields, records)
        guard budget.takeRecord(byteCount: byteCount) else { return .overBudget }
        guard let message = strings.text(event.message, records: records, memory: memory),
            let target = strings.text(event.target, records: records, memory: memory),
            let file = strings.text(event.file, records: records, memory: memory),
            let fields = values(event.fields, records, memory)
        else { return .malformed }
        Telemetry.emit(
            EventRecord(
                context: event.span == 0 ? spans.root : spans.context(of: event.span) ?? spans.root,
                metadata: Metadata(name: "event", target: target, level: level, file: file, line: event.line),
                origin: .guest,
                time: timestamp(nanoseconds),
                message: message,
                fields: fields))
        return nil
    }

    /// The level as the host's word, if anybody wants it.
    private func deliverable(_ level: GuestABI.Level) -> Level? {
        guard let level = Level(rawValue: level.rawValue), Telemetry.isEnabled(level) else { return nil }
        return level
    }

    private func timestamp(_ nanoseconds: UInt64) -> Timestamp {
        Timestamp(MonotonicInstant(nanoseconds: nanoseconds))
    }

    /// What fields take of the budget: a few bytes in the record can stand for 4 KiB of text in the image.
    private func byteCount(of fields: TelemetryFields, _ records: RawSpan) -> Int {
        var sum = 0
        var reader = fields.reader(in: records)
        while let field = reader.next() {
            sum += 16 + field.key.byteCount
            if case .string(let string) = field.value { sum += string.byteCount }
        }
        return sum
    }

    private mutating func values(
        _ fields: TelemetryFields, _ records: RawSpan, _ memory: borrowing GuestMemory
    ) -> [Field]? {
        var result: [Field] = []
        result.reserveCapacity(fields.count)
        var reader = fields.reader(in: records)
        while let field = reader.next() {
            guard let key = strings.text(field.key, records: records, memory: memory) else { return nil }
            switch field.value {
            case .bool(let value): result.append(Field(key, value))
            case .int64(let value): result.append(Field(key, value))
            case .uint64(let value): result.append(Field(key, value))
            case .double(let bits): result.append(Field(key, Double(bitPattern: bits)))
            case .string(let string):
                guard let text = strings.text(string, records: records, memory: memory) else { return nil }
                result.append(Field(key, text))
            }
        }
        return result
    }

    private mutating func collectFrames(of allocation: TelemetryRecord.Allocation, _ records: RawSpan) {
        hasAllocations = true
        frames.removeAll(keepingCapacity: true)
        for index in 0..<allocation.frames.count {
            guard let frame = allocation.frames.address(index, in: records) else { return }
            frames.append(frame)
        }
    }
}
