// SPDX-License-Identifier: MIT OR Apache-2.0

extension GuestABI {
    /// Offsets of the control page (`vitrine_control`): written by the host, read-only for the guest.
    public enum ControlOffset {
        /// UInt64, ``GuestABI/controlMagic``.
        public static let magic = 0
        /// UInt32, ``GuestABI/version``.
        public static let abiVersion = 8
        /// UInt32, ``byteCount``.
        public static let structureByteCount = 12
        /// UInt64.
        public static let imageAddress = 16
        /// UInt64.
        public static let imageByteCount = 24
        /// UInt64, host to guest.
        public static let inputAddress = 32
        /// UInt64.
        public static let inputByteCount = 40
        /// UInt64, guest to host; begins with the mailbox.
        public static let outputAddress = 48
        /// UInt64.
        public static let outputByteCount = 56
        /// UInt64, guest to host; begins with its header.
        public static let telemetryAddress = 64
        /// UInt64.
        public static let telemetryByteCount = 72
        /// UInt64.
        public static let heapAddress = 80
        /// UInt64.
        public static let heapByteCount = 88
        /// UInt64, the lowest byte.
        public static let stackAddress = 96
        /// UInt64.
        public static let stackByteCount = 104
        /// Two UInt64, different for each sandbox.
        public static let randomSeed = 112
        /// UInt32, a ``GuestABI/Level``; live.
        public static let maximumLevel = 128
        /// UInt32, ``GuestABI/Features``; live.
        public static let features = 132
        /// UInt64, counts the messages that the host has put into the input buffer.
        public static let requestSequence = 136
        /// UInt64, of the newest message, from the start of the input buffer.
        public static let requestOffset = 144
        /// UInt64.
        public static let requestByteCount = 152
        /// Bytes of the structure.
        public static let byteCount = 160
    }

    /// Offsets of the mailbox (`vitrine_mailbox`): the first bytes of the output buffer, written by the guest.
    public enum MailboxOffset {
        /// UInt64, the sequence of the newest message that the guest has read.
        public static let replySequence = 0
        /// UInt64, from the start of the output buffer, at least ``byteCount``.
        public static let messageOffset = 8
        /// UInt64.
        public static let messageByteCount = 16
        /// Five UInt64, zero.
        public static let reserved = 24
        /// Bytes of the structure.
        public static let byteCount = 64
    }

    /// Offsets of a message's header (`vitrine_message_header`).
    public enum MessageOffset {
        /// UInt32, of the whole message, a multiple of 8.
        public static let messageByteCount = 0
        /// UInt16, a ``GuestABI/MessageKind``.
        public static let kind = 4
        /// UInt16, of a call, else 0.
        public static let parameterCount = 6
        /// UInt32, of a call, else 0.
        public static let nameByteCount = 8
        /// UInt32: of a call the expected result's type, of an error its code, else 0.
        public static let codeOrType = 12
        /// Bytes of the header.
        public static let byteCount = 16
    }

    /// Offsets of a value's header (`vitrine_value_header`).
    public enum ValueOffset {
        /// UInt32, a ``WireType``.
        public static let type = 0
        /// UInt32, of the payload without its padding.
        public static let payloadByteCount = 4
        /// Bytes of the header.
        public static let byteCount = 8
    }

    /// Offsets of the telemetry region's header (`vitrine_telemetry_header`).
    public enum TelemetryOffset {
        /// UInt64, bytes of records that follow the header.
        public static let used = 0
        /// UInt64, number of the next record; counts dropped ones too.
        public static let nextSequence = 8
        /// UInt64, records that the guest could not write, ever.
        public static let dropped = 16
        /// UInt64, zero.
        public static let reserved = 24
        /// Bytes of the header.
        public static let byteCount = 32
    }

    /// Offsets of a telemetry record's header (`vitrine_record_header`).
    public enum RecordOffset {
        /// UInt32, of the whole record, a multiple of 8.
        public static let recordByteCount = 0
        /// UInt8, a ``GuestABI/RecordKind``.
        public static let kind = 4
        /// UInt8, a ``GuestABI/Level``.
        public static let level = 5
        /// UInt16, ``GuestABI/recordTruncatedFlag`` or 0.
        public static let flags = 6
        /// UInt64.
        public static let sequence = 8
        /// UInt64, of `rdtsc`.
        public static let ticks = 16
        /// Bytes of the header.
        public static let byteCount = 24
    }
}
