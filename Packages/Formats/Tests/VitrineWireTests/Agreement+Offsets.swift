// SPDX-License-Identifier: MIT OR Apache-2.0

import CVitrineABI
import VitrineWire

extension Agreement {
    /// Every field of every structure of the header.
    static let offsets: [Agreement] = [
        offset("vitrine_control.magic", \vitrine_control.magic, GuestABI.ControlOffset.magic),
        offset("vitrine_control.abi_version", \vitrine_control.abi_version, GuestABI.ControlOffset.abiVersion),
        offset("vitrine_control.byte_count", \vitrine_control.byte_count, GuestABI.ControlOffset.structureByteCount),
        offset("vitrine_control.image_address", \vitrine_control.image_address, GuestABI.ControlOffset.imageAddress),
        offset(
            "vitrine_control.image_byte_count", \vitrine_control.image_byte_count, GuestABI.ControlOffset.imageByteCount
        ),
        offset("vitrine_control.input_address", \vitrine_control.input_address, GuestABI.ControlOffset.inputAddress),
        offset(
            "vitrine_control.input_byte_count", \vitrine_control.input_byte_count, GuestABI.ControlOffset.inputByteCount
        ),
        offset("vitrine_control.output_address", \vitrine_control.output_address, GuestABI.ControlOffset.outputAddress),
        offset(
            "vitrine_control.output_byte_count", \vitrine_control.output_byte_count,
            GuestABI.ControlOffset.outputByteCount),
        offset(
            "vitrine_control.telemetry_address", \vitrine_control.telemetry_address,
            GuestABI.ControlOffset.telemetryAddress),
        offset(
            "vitrine_control.telemetry_byte_count", \vitrine_control.telemetry_byte_count,
            GuestABI.ControlOffset.telemetryByteCount),
        offset("vitrine_control.heap_address", \vitrine_control.heap_address, GuestABI.ControlOffset.heapAddress),
        offset(
            "vitrine_control.heap_byte_count", \vitrine_control.heap_byte_count, GuestABI.ControlOffset.heapByteCount),
        offset("vitrine_control.stack_address", \vitrine_control.stack_address, GuestABI.ControlOffset.stackAddress),
        offset(
            "vitrine_control.stack_byte_count", \vitrine_control.stack_byte_count, GuestABI.ControlOffset.stackByteCount
        ),
        offset("vitrine_control.random_seed", \vitrine_control.random_seed, GuestABI.ControlOffset.randomSeed),
        offset("vitrine_control.maximum_level", \vitrine_control.maximum_level, GuestABI.ControlOffset.maximumLevel),
        offset("vitrine_control.features", \vitrine_control.features, GuestABI.ControlOffset.features),
        offset(
            "vitrine_control.request_sequence", \vitrine_control.request_sequence,
            GuestABI.ControlOffset.requestSequence),
        offset("vitrine_control.request_offset", \vitrine_control.request_offset, GuestABI.ControlOffset.requestOffset),
        offset(
            "vitrine_control.request_byte_count", \vitrine_control.request_byte_count,
            GuestABI.ControlOffset.requestByteCount),
        offset("vitrine_mailbox.reply_sequence", \vitrine_mailbox.reply_sequence, GuestABI.MailboxOffset.replySequence),
        offset("vitrine_mailbox.message_offset", \vitrine_mailbox.message_offset, GuestABI.MailboxOffset.messageOffset),
        offset(
            "vitrine_mailbox.message_byte_count", \vitrine_mailbox.message_byte_count,
            GuestABI.MailboxOffset.messageByteCount),
        offset("vitrine_mailbox.reserved", \vitrine_mailbox.reserved, GuestABI.MailboxOffset.reserved),
        offset(
            "vitrine_message_header.byte_count", \vitrine_message_header.byte_count,
            GuestABI.MessageOffset.messageByteCount),
        offset("vitrine_message_header.kind", \vitrine_message_header.kind, GuestABI.MessageOffset.kind),
        offset(
            "vitrine_message_header.parameter_count", \vitrine_message_header.parameter_count,
            GuestABI.MessageOffset.parameterCount),
        offset(
            "vitrine_message_header.name_byte_count", \vitrine_message_header.name_byte_count,
            GuestABI.MessageOffset.nameByteCount),
        offset(
            "vitrine_message_header.code_or_type", \vitrine_message_header.code_or_type,
            GuestABI.MessageOffset.codeOrType),
        offset("vitrine_value_header.type", \vitrine_value_header.type, GuestABI.ValueOffset.type),
        offset(
            "vitrine_value_header.byte_count", \vitrine_value_header.byte_count, GuestABI.ValueOffset.payloadByteCount),
        offset("vitrine_telemetry_header.used", \vitrine_telemetry_header.used, GuestABI.TelemetryOffset.used),
        offset(
            "vitrine_telemetry_header.next_sequence", \vitrine_telemetry_header.next_sequence,
            GuestABI.TelemetryOffset.nextSequence),
        offset("vitrine_telemetry_header.dropped", \vitrine_telemetry_header.dropped, GuestABI.TelemetryOffset.dropped),
        offset(
            "vitrine_telemetry_header.reserved", \vitrine_telemetry_header.reserved, GuestABI.TelemetryOffset.reserved),
        offset(
            "vitrine_record_header.byte_count", \vitrine_record_header.byte_count, GuestABI.RecordOffset.recordByteCount
        ),
        offset("vitrine_record_header.kind", \vitrine_record_header.kind, GuestABI.RecordOffset.kind),
        offset("vitrine_record_header.level", \vitrine_record_header.level, GuestABI.RecordOffset.level),
        offset("vitrine_record_header.flags", \vitrine_record_header.flags, GuestABI.RecordOffset.flags),
        offset("vitrine_record_header.sequence", \vitrine_record_header.sequence, GuestABI.RecordOffset.sequence),
        offset("vitrine_record_header.ticks", \vitrine_record_header.ticks, GuestABI.RecordOffset.ticks),
    ]

    /// Every structure's size.
    static let sizes: [Agreement] = [
        Agreement("vitrine_control", MemoryLayout<vitrine_control>.size, GuestABI.ControlOffset.byteCount),
        Agreement("vitrine_mailbox", MemoryLayout<vitrine_mailbox>.size, GuestABI.MailboxOffset.byteCount),
        Agreement(
            "vitrine_message_header", MemoryLayout<vitrine_message_header>.size, GuestABI.MessageOffset.byteCount),
        Agreement("vitrine_value_header", MemoryLayout<vitrine_value_header>.size, GuestABI.ValueOffset.byteCount),
        Agreement(
            "vitrine_telemetry_header", MemoryLayout<vitrine_telemetry_header>.size,
            GuestABI.TelemetryOffset.byteCount),
        Agreement("vitrine_record_header", MemoryLayout<vitrine_record_header>.size, GuestABI.RecordOffset.byteCount),
    ]

    private static func offset<Root>(_ name: String, _ field: PartialKeyPath<Root>, _ swift: Int) -> Agreement {
        Agreement(name, MemoryLayout<Root>.offset(of: field) ?? Int.max, swift)
    }
}
