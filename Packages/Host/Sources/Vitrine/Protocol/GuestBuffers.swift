// SPDX-License-Identifier: MIT OR Apache-2.0

import VitrineHypervisor
import VitrineWire

/// Where the pages shared with the guest lie, taken from the memory map once.
struct GuestBuffers: Sendable {
    let control: UInt64
    let input: UInt64
    let inputByteCount: Int
    let output: UInt64
    let outputByteCount: Int
    let telemetry: UInt64
    let telemetryByteCount: Int
    /// The stack and the guard below it, to recognize an overflow.
    let stack: UInt64

    /// Bytes kept free behind a call's message, so that an error can always be sent as the reply to a host call.
    static let replyReserveByteCount = 512

    init(_ map: MemoryMap) {
        control = MemoryMap.controlPage.rawValue
        let input = map.region(.input)
        self.input = input.address.rawValue
        inputByteCount = input.byteCount
        let output = map.region(.output)
        self.output = output.address.rawValue
        outputByteCount = output.byteCount
        let telemetry = map.region(.telemetry)
        self.telemetry = telemetry.address.rawValue
        telemetryByteCount = telemetry.byteCount
        stack = map.region(.stack).address.rawValue
    }

    /// The address of a field of the control page.
    func controlField(_ offset: Int) -> GuestAddress {
        GuestAddress(rawValue: control &+ UInt64(offset))
    }

    /// The address of a byte of the input buffer.
    func inputByte(_ offset: Int) -> GuestAddress {
        GuestAddress(rawValue: input &+ UInt64(offset))
    }

    /// The address of a field of the mailbox.
    func mailboxField(_ offset: Int) -> GuestAddress {
        GuestAddress(rawValue: output &+ UInt64(offset))
    }

    /// The address of a field of the telemetry region's header, or of its records.
    func telemetryByte(_ offset: Int) -> GuestAddress {
        GuestAddress(rawValue: telemetry &+ UInt64(offset))
    }
}
