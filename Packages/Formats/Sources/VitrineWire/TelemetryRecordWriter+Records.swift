// SPDX-License-Identifier: MIT OR Apache-2.0

extension TelemetryRecordWriter {
    /// Where something is in the source.
    public struct Place: Sendable {
        /// The module or component.
        public var target: Text
        /// The source file.
        public var file: Text
        /// The line.
        public var line: UInt32

        /// A place.
        public init(target: Text, file: Text, line: UInt32) {
            self.target = target
            self.file = file
            self.line = line
        }
    }

    /// Appends ``GuestABI/RecordKind/spanOpen``.
    public mutating func spanOpen(
        _ header: Header, span: UInt64, parent: UInt64, name: Text, at place: Place, fields: [Field] = []
    ) {
        record(.spanOpen, header) { writer in
            writer.append64(span)
            writer.append64(parent)
            writer.append32(place.line)
            writer.append32(UInt32(fields.count))
            writer.append(name)
            writer.append(place.target)
            writer.append(place.file)
            writer.append(fields)
        }
    }

    /// Appends ``GuestABI/RecordKind/spanClose``.
    public mutating func spanClose(_ header: Header, span: UInt64) {
        record(.spanClose, header) { $0.append64(span) }
    }

    /// Appends ``GuestABI/RecordKind/spanEdit``.
    public mutating func spanEdit(_ header: Header, span: UInt64, fields: [Field]) {
        record(.spanEdit, header) { writer in
            writer.append64(span)
            writer.append32(0)
            writer.append32(UInt32(fields.count))
            writer.append(fields)
        }
    }

    /// Appends ``GuestABI/RecordKind/event``.
    public mutating func event(_ header: Header, span: UInt64, message: Text, at place: Place, fields: [Field] = []) {
        record(.event, header) { writer in
            writer.append64(span)
            writer.append32(place.line)
            writer.append32(UInt32(fields.count))
            writer.append(message)
            writer.append(place.target)
            writer.append(place.file)
            writer.append(fields)
        }
    }

    /// Appends ``GuestABI/RecordKind/print``.
    public mutating func print(_ header: Header, text: Text) {
        record(.print, header) { $0.append(text) }
    }

    /// Appends ``GuestABI/RecordKind/allocate``.
    public mutating func allocate(_ header: Header, address: UInt64, byteCount: UInt64, frames: [UInt64]) {
        record(.allocate, header) { $0.append(address: address, byteCount: byteCount, frames: frames) }
    }

    /// Appends ``GuestABI/RecordKind/free``.
    public mutating func free(_ header: Header, address: UInt64, byteCount: UInt64, frames: [UInt64]) {
        record(.free, header) { $0.append(address: address, byteCount: byteCount, frames: frames) }
    }

    private mutating func append(address: UInt64, byteCount: UInt64, frames: [UInt64]) {
        append64(address)
        append64(byteCount)
        append32(0)
        append32(UInt32(frames.count))
        for frame in frames {
            append64(frame)
        }
    }
}
