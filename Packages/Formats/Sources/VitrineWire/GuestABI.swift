// SPDX-License-Identifier: MIT OR Apache-2.0

/// The guest ABI: every number on which a guest and a host agree.
///
/// The same as the C header `vitrine_abi.h`, whose names the comments give; a test compares all of them. All integers
/// are little-endian, all offsets are in bytes. A change of any of them bumps ``version``.
public enum GuestABI {
    /// The version that a guest carries in its ELF note; a host refuses any other (`VITRINE_ABI_VERSION`).
    public static let version: UInt32 = 1

    /// The first word of the control page: "VITRINE" and a zero (`VITRINE_CONTROL_MAGIC`).
    public static let controlMagic: UInt64 = 0x0045_4E49_5254_4956

    /// The owner of the ELF note that names the ABI, without its terminating zero (`VITRINE_NOTE_OWNER`).
    public static let noteOwner = "Vitrine"

    /// The type of the ELF note that names the ABI; its descriptor is a UInt32 (`VITRINE_NOTE_TYPE`).
    public static let noteType: UInt32 = 1

    /// The lowest address of an image (`VITRINE_IMAGE_BASE`).
    public static let imageBase: UInt64 = 0x20_0000

    /// The first address above the highest byte of an image (`VITRINE_IMAGE_LIMIT`).
    public static let imageLimit: UInt64 = 0x420_0000

    /// A doorbell: the x86 port that a guest rings with a one-byte `out`. The value written is ignored.
    public enum Port: UInt16, CaseIterable, Sendable {
        /// Initialized, or done with a call: the result is in the mailbox (`VITRINE_PORT_READY`).
        case ready = 0xE0

        /// A host call is in the mailbox (`VITRINE_PORT_CALL_HOST`).
        case callHost = 0xE2

        /// The guest gives up: an error message is in the mailbox (`VITRINE_PORT_ABORT`).
        case abort = 0xE4

        /// The telemetry region is full (`VITRINE_PORT_DRAIN`).
        case drain = 0xE6

        /// Closed to guest code: only the ring-0 exception stubs ring it (`VITRINE_PORT_EXCEPTION`).
        case exception = 0xF0
    }

    /// The importance of a span or event, in the control page (as the highest one recorded) and in records.
    public enum Level: UInt8, CaseIterable, Sendable {
        /// Nothing is recorded; no record carries it but those that have no level (`VITRINE_LEVEL_OFF`).
        case off = 0

        /// `VITRINE_LEVEL_ERROR`.
        case error = 1

        /// `VITRINE_LEVEL_WARN`.
        case warn = 2

        /// `VITRINE_LEVEL_INFO`.
        case info = 3

        /// `VITRINE_LEVEL_DEBUG`.
        case debug = 4

        /// `VITRINE_LEVEL_TRACE`.
        case trace = 5
    }

    /// What a guest records, switched by the host in the control page.
    public struct Features: OptionSet, Hashable, Sendable {
        /// The bits of the control page's word.
        public let rawValue: UInt32

        /// Takes the bits as they are.
        public init(rawValue: UInt32) {
            self.rawValue = rawValue
        }

        /// Spans and events (`VITRINE_FEATURE_SPANS`).
        public static let spans = Features(rawValue: 1)

        /// Allocations and frees with their stacks (`VITRINE_FEATURE_ALLOCATIONS`).
        public static let allocations = Features(rawValue: 2)
    }
}
