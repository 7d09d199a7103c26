// SPDX-License-Identifier: MIT OR Apache-2.0

/// Why guest memory was not accessed.
public enum GuestMemoryError: Error, Hashable, Sendable {
    /// The range is not wholly inside one run of regions that guest code can reach.
    case outOfBounds(address: GuestAddress, byteCount: Int)
}

/// A guest's memory as the host sees it: bounds-checked, without the page tables and other system pages.
///
/// The host may write every region, whatever the guest may do there. All contents are the guest's to choose: check what
/// you read. Access costs a few comparisons; nothing is copied.
@safe public struct GuestMemory: ~Copyable, @unchecked Sendable {
    // Sendable: the mapping belongs to this one value, which has one owner.

    /// Apart from the value itself: the map is large, and each access needs only the words below.
    private final class Storage: Sendable {
        let map: MemoryMap
        let mapping: GuestMapping

        init(map: MemoryMap, mapping: GuestMapping) {
            self.map = map
            self.mapping = mapping
        }
    }

    private let storage: Storage
    @usableFromInline let base: UnsafeMutableRawPointer
    /// The reachable addresses: first the run of writable regions, which is asked for most, then those below it.
    @usableFromInline let writableStart: UInt64
    @usableFromInline let writableEnd: UInt64
    @usableFromInline let inputStart: UInt64
    @usableFromInline let inputEnd: UInt64

    /// Where everything lies.
    public var map: MemoryMap { storage.map }
    /// The memory itself.
    package var mapping: GuestMapping { storage.mapping }

    /// Maps zeroed memory and writes descriptor tables, exception stubs and page tables. Costs about 25 µs, nearly all
    /// of it the kernel's for the first touch of eight pages.
    public init(_ map: MemoryMap) throws(HypervisorError) {
        let mapping = try GuestMapping(byteCount: map.byteCount)
        for range in PageTables.largeRanges(map) { mapping.adviseLargePages(range) }
        // SAFETY: an address of this mapping, which this value keeps.
        guard let base = unsafe UnsafeMutableRawPointer(bitPattern: mapping.baseAddress) else {
            throw .systemCall(name: "mmap", errno: 0)
        }
        // SAFETY: the mapping is at least as long as the map, which reaches above the image's base.
        var low = unsafe MutableRawSpan(_unsafeStart: base, byteCount: Int(MemoryMap.imageBase.rawValue))
        SystemTables.write(into: &low)
        PageTables.write(map, into: &low)
        storage = Storage(map: map, mapping: mapping)
        unsafe self.base = base
        writableStart = map.stack.address.rawValue
        writableEnd = UInt64(map.byteCount)
        inputStart = map.input.address.rawValue
        inputEnd = map.input.end.rawValue
    }

    /// The bytes of a range, as long as the memory is borrowed.
    @inlinable
    @_lifetime(borrow self)
    public func bytes(at address: GuestAddress, byteCount: Int) throws(GuestMemoryError) -> RawSpan {
        try check(address, byteCount)
        // SAFETY: `check` has put the range inside the mapping, which lives as long as `self`.
        let span = unsafe RawSpan(_unsafeStart: base + Int(truncatingIfNeeded: address.rawValue), byteCount: byteCount)
        return unsafe _overrideLifetime(span, borrowing: self)
    }

    /// The bytes of a range to change, as long as the memory is borrowed.
    @inlinable
    @_lifetime(&self)
    public mutating func mutableBytes(
        at address: GuestAddress, byteCount: Int
    ) throws(GuestMemoryError) -> MutableRawSpan {
        try check(address, byteCount)
        // SAFETY: as in `bytes`, and the exclusive borrow of `self` makes this the only access by the host.
        let span = unsafe MutableRawSpan(
            _unsafeStart: base + Int(truncatingIfNeeded: address.rawValue), byteCount: byteCount)
        return unsafe _overrideLifetime(span, mutating: &self)
    }

    /// Reads a little-endian integer at any address.
    @inlinable
    public func load<Value: FixedWidthInteger & BitwiseCopyable>(
        _ type: Value.Type = Value.self, at address: GuestAddress
    ) throws(GuestMemoryError) -> Value {
        try check(address, MemoryLayout<Value>.size)
        // SAFETY: in bounds by `check`; any bytes are an integer.
        return unsafe Value(
            littleEndian: base.loadUnaligned(
                fromByteOffset: Int(truncatingIfNeeded: address.rawValue), as: Value.self))
    }

    /// Writes a little-endian integer at any address.
    @inlinable
    public mutating func store<Value: FixedWidthInteger & BitwiseCopyable>(
        _ value: Value, at address: GuestAddress
    ) throws(GuestMemoryError) {
        try check(address, MemoryLayout<Value>.size)
        // SAFETY: in bounds by `check`.
        unsafe base.storeBytes(
            of: value.littleEndian, toByteOffset: Int(truncatingIfNeeded: address.rawValue), as: Value.self)
    }

    /// Where guest address 0 lies in the host; `map.byteCount` bytes follow. For backends, to map it into their machine.
    /// SAFETY: valid while this value or its mapping lives; the caller keeps one of them.
    @_spi(Backend) @unsafe public var baseAddress: UnsafeMutableRawPointer { unsafe base }

    /// The page tables, descriptor tables and stubs, which no other access reaches: for backends and tests.
    @_spi(Backend)
    public var systemBytes: RawSpan {
        @_lifetime(borrow self)
        get {
            // SAFETY: the mapping reaches above the image's base and lives as long as `self`.
            let span = unsafe RawSpan(_unsafeStart: base, byteCount: Int(MemoryMap.controlPage.rawValue))
            return unsafe _overrideLifetime(span, borrowing: self)
        }
    }

    /// Inlined with its likely half: a call makes some ten accesses.
    @inlinable
    func check(_ address: GuestAddress, _ byteCount: Int) throws(GuestMemoryError) {
        let start = address.rawValue
        let (end, overflow) = start.addingReportingOverflow(UInt64(bitPattern: Int64(byteCount)))
        guard byteCount >= 0, !overflow else { throw .outOfBounds(address: address, byteCount: byteCount) }
        if start >= writableStart, end <= writableEnd { return }
        if start >= inputStart, end <= inputEnd { return }
        try checkLow(address, byteCount)
    }

    @usableFromInline
    func checkLow(_ address: GuestAddress, _ byteCount: Int) throws(GuestMemoryError) {
        let (start, end) = (address.rawValue, address.rawValue &+ UInt64(byteCount))
        let control = MemoryMap.controlPage.rawValue
        if start >= control, end <= control + UInt64(MemoryMap.pageByteCount) { return }
        guard isInLowRegions(start, end) else { throw .outOfBounds(address: address, byteCount: byteCount) }
    }

    /// Control page, image and input: there may be gaps between segments.
    private func isInLowRegions(_ start: UInt64, _ end: UInt64) -> Bool {
        var reached = start
        for region in map.regions where region.address.rawValue <= reached && reached < region.end.rawValue {
            reached = region.end.rawValue
            if end <= reached { return true }
        }
        return false
    }
}
