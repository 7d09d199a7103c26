// SPDX-License-Identifier: MIT OR Apache-2.0

/// A region of guest memory, as the control page names it.
public struct RegionExtent: Hashable, Sendable {
    /// The lowest byte.
    public var address: UInt64

    /// Bytes.
    public var byteCount: UInt64

    /// A region.
    public init(address: UInt64, byteCount: UInt64) {
        self.address = address
        self.byteCount = byteCount
    }
}

/// The contents of the control page, which the host writes and the guest only reads (`vitrine_control`).
public struct ControlPage: Hashable, Sendable {
    /// From the image's lowest to its highest byte.
    public var image: RegionExtent
    /// Host to guest.
    public var input: RegionExtent
    /// Guest to host; begins with the mailbox.
    public var output: RegionExtent
    /// Guest to host; begins with its header.
    public var telemetry: RegionExtent
    /// For the guest's allocator.
    public var heap: RegionExtent
    /// The guest's stack.
    public var stack: RegionExtent
    /// Different for each sandbox.
    public var randomSeed: (UInt64, UInt64) {
        get { (seedLow, seedHigh) }
        set { (seedLow, seedHigh) = newValue }
    }
    /// The highest level recorded; live.
    public var maximumLevel: GuestABI.Level
    /// What is recorded; live.
    public var features: GuestABI.Features
    /// The newest message to the guest.
    public var request: Request

    private var seedLow: UInt64
    private var seedHigh: UInt64

    /// The words that announce a message to the guest.
    public struct Request: Hashable, Sendable {
        /// Counts the messages that the host has put into the input buffer.
        public var sequence: UInt64
        /// Of the newest message, from the start of the input buffer.
        public var offset: UInt64
        /// Of the newest message.
        public var byteCount: UInt64

        /// Announces a message, or with zeros none.
        @inlinable
        public init(sequence: UInt64 = 0, offset: UInt64 = 0, byteCount: UInt64 = 0) {
            self.sequence = sequence
            self.offset = offset
            self.byteCount = byteCount
        }

        /// Writes these three words only, into the bytes of a control page: the cost of a call. At least
        /// ``GuestABI/ControlOffset/byteCount`` bytes.
        @inlinable
        public func write(to page: inout MutableRawSpan) {
            typealias Offset = GuestABI.ControlOffset
            page.store(sequence, at: Offset.requestSequence)
            page.store(offset, at: Offset.requestOffset)
            page.store(byteCount, at: Offset.requestByteCount)
        }
    }

    /// The page of a sandbox before its first run.
    public init(
        image: RegionExtent,
        input: RegionExtent,
        output: RegionExtent,
        telemetry: RegionExtent,
        heap: RegionExtent,
        stack: RegionExtent,
        randomSeed: (UInt64, UInt64),
        maximumLevel: GuestABI.Level,
        features: GuestABI.Features
    ) {
        self.image = image
        self.input = input
        self.output = output
        self.telemetry = telemetry
        self.heap = heap
        self.stack = stack
        (seedLow, seedHigh) = randomSeed
        self.maximumLevel = maximumLevel
        self.features = features
        request = Request()
    }

    /// Writes the whole page: at least ``GuestABI/ControlOffset/byteCount`` bytes.
    public func write(to page: inout MutableRawSpan) {
        typealias Offset = GuestABI.ControlOffset
        page.store(GuestABI.controlMagic, at: Offset.magic)
        page.store(GuestABI.version, at: Offset.abiVersion)
        page.store(UInt32(Offset.byteCount), at: Offset.structureByteCount)
        Self.write(image, at: Offset.imageAddress, to: &page)
        Self.write(input, at: Offset.inputAddress, to: &page)
        Self.write(output, at: Offset.outputAddress, to: &page)
        Self.write(telemetry, at: Offset.telemetryAddress, to: &page)
        Self.write(heap, at: Offset.heapAddress, to: &page)
        Self.write(stack, at: Offset.stackAddress, to: &page)
        page.store(seedLow, at: Offset.randomSeed)
        page.store(seedHigh, at: Offset.randomSeed + 8)
        writeSwitches(to: &page)
        request.write(to: &page)
    }

    /// Writes the live level and features only.
    public func writeSwitches(to page: inout MutableRawSpan) {
        page.store(UInt32(maximumLevel.rawValue), at: GuestABI.ControlOffset.maximumLevel)
        page.store(features.rawValue, at: GuestABI.ControlOffset.features)
    }

    private static func write(_ extent: RegionExtent, at offset: Int, to page: inout MutableRawSpan) {
        page.store(extent.address, at: offset)
        page.store(extent.byteCount, at: offset + 8)
    }
}
