// SPDX-License-Identifier: MIT OR Apache-2.0

import CVitrineGuest
import Glibc
import Testing
import VitrineWire

/// The suites of this package share one runtime, so they run one after another.
@Suite(.serialized) struct Runtime {}

// SAFETY: everything here is memory of this process that is never given back, used from one test at a time.
/// A control page and the regions it describes, in ordinary memory. One for the whole process, as the runtime's state
/// is global: each test begins with `reset()`.
///
@safe final class FakeMachine: @unchecked Sendable {
    static let shared = FakeMachine()

    static let bufferByteCount = 64 << 10
    static let telemetryByteCount = 16 << 10
    static let heapByteCount = 4 << 20

    private let control: UnsafeMutablePointer<vitrine_control>
    private let input: UnsafeMutableRawPointer
    private let output: UnsafeMutableRawPointer
    private let telemetry: UnsafeMutableRawPointer
    private let heap: UnsafeMutableRawPointer

    /// The ports rung since the last reset.
    private(set) var rings: [UInt16] = []
    /// Called at each ring.
    var onRing: ((UInt16) -> Void)?

    private init() {
        func region(_ byteCount: Int) -> UnsafeMutableRawPointer {
            let start = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: 4096)
            unsafe start.initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
            return unsafe start
        }
        unsafe control = region(4096).bindMemory(to: vitrine_control.self, capacity: 1)
        unsafe input = region(Self.bufferByteCount)
        unsafe output = region(Self.bufferByteCount)
        unsafe telemetry = region(Self.telemetryByteCount)
        unsafe heap = region(Self.heapByteCount)
        unsafe control.pointee.magic = VITRINE_CONTROL_MAGIC
        unsafe control.pointee.abi_version = VITRINE_ABI_VERSION
        unsafe control.pointee.input_address = UInt64(UInt(bitPattern: input))
        unsafe control.pointee.input_byte_count = UInt64(Self.bufferByteCount)
        unsafe control.pointee.output_address = UInt64(UInt(bitPattern: output))
        unsafe control.pointee.output_byte_count = UInt64(Self.bufferByteCount)
        unsafe control.pointee.telemetry_address = UInt64(UInt(bitPattern: telemetry))
        unsafe control.pointee.heap_address = UInt64(UInt(bitPattern: heap))
        unsafe control.pointee.heap_byte_count = UInt64(Self.heapByteCount)
        unsafe control.pointee.random_seed = (0x0123_4567_89AB_CDEF, 0xFEDC_BA98_7654_3210)
        vitrine_test_on_ring { port in FakeMachine.shared.ring(port) }
        reset()
    }

    /// A newly attached runtime: empty telemetry, an unused heap, no functions.
    func reset(
        level: UInt32 = 5, features: UInt32 = VITRINE_FEATURE_SPANS, telemetryByteCount: Int = telemetryByteCount
    ) {
        rings = []
        onRing = nil
        unsafe control.pointee.maximum_level = level
        unsafe control.pointee.features = features
        unsafe control.pointee.telemetry_byte_count = UInt64(telemetryByteCount)
        unsafe memset(telemetry, 0, Self.telemetryByteCount)
        unsafe vitrine_runtime_attach(control)
    }

    /// Tells the runtime where the stack is: around an address of it.
    func setStack(around address: UInt) {
        unsafe control.pointee.stack_address = UInt64(address) - 4096
        unsafe control.pointee.stack_byte_count = 256 << 10
    }

    private func ring(_ port: UInt16) {
        rings.append(port)
        onRing?(port)
    }

    /// Puts a message into the input buffer as the next request.
    func request(_ message: [UInt8], at offset: Int = 0) {
        unsafe message.withUnsafeBytes { bytes in
            if let base = bytes.baseAddress { unsafe memcpy(input + offset, base, bytes.count) }
        }
        unsafe control.pointee.request_sequence += 1
        unsafe control.pointee.request_offset = UInt64(offset)
        unsafe control.pointee.request_byte_count = UInt64(message.count)
    }

    var requestSequence: UInt64 { unsafe control.pointee.request_sequence }
    var mailbox: vitrine_mailbox { unsafe output.load(as: vitrine_mailbox.self) }

    /// The message that the mailbox names.
    var reply: [UInt8] {
        let start = Int(mailbox.message_offset)
        return unsafe Array(UnsafeRawBufferPointer(start: output + start, count: Int(mailbox.message_byte_count)))
    }

    var telemetryHeader: vitrine_telemetry_header { unsafe telemetry.load(as: vitrine_telemetry_header.self) }

    /// Takes the records, as a host does at an exit.
    func drain() -> [UInt8] {
        let records = unsafe UnsafeRawBufferPointer(start: telemetry + 32, count: Int(telemetryHeader.used))
        let copy = unsafe Array(records)
        unsafe telemetry.storeBytes(of: 0, as: UInt64.self)
        return copy
    }

    /// Writes a word into the heap, as a faulty guest would.
    func overwrite(_ address: UInt, with word: UInt64) {
        unsafe UnsafeMutableRawPointer(bitPattern: address)?.storeBytes(of: word, as: UInt64.self)
    }
}

/// Pseudo-random numbers, the same in every run.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
