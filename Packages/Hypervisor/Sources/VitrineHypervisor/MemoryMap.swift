// SPDX-License-Identifier: MIT OR Apache-2.0

internal import CVitrineABI

/// Where everything lies in a guest's memory, and what the guest may do there.
///
/// From below: null guard, descriptor tables, exception stubs and stack, page tables (none of them for guest code), the
/// control page, the image, input, a guard, then stack, telemetry, output and heap. The last four are all writable and
/// lie together: the stack is the lowest and overflows into the guard; above the heap nothing is mapped.
///
/// What nearly every guest touches is made of small pages, which are cheap to begin with. Heap, and input and output from
/// 1 MiB on, have their first 128 KiB just below a 2 MiB boundary; above it large pages follow, which are cheap to fill.
public struct MemoryMap: Hashable, Sendable {
    /// The unit of protection in bytes.
    public static let pageByteCount = 4096
    /// The unit of large pages in bytes.
    public static let largePageByteCount = 2 << 20
    /// The address of the control page, just below the image.
    public static let controlPage = GuestAddress(VITRINE_IMAGE_BASE - 4096)
    /// The lowest address of an image.
    public static let imageBase = GuestAddress(VITRINE_IMAGE_BASE)
    /// The first address that no image reaches.
    public static let imageLimit = GuestAddress(VITRINE_IMAGE_LIMIT)
    /// The most bytes a map may span: 16 GiB.
    public static let maximumByteCount = 16 << 30
    /// The most segments of an image.
    public static let maximumSegmentCount = 32
    /// Bytes below the stack, at least, that no one can touch.
    public static let stackGuardByteCount = 64 << 10
    /// From this size on input and output are made of large pages, but for their small part.
    static let largeBufferByteCount = 1 << 20
    /// What of the heap, and of large input and output, is made of small pages in front: the kernel clears 2 MiB at the
    /// first touch of a large page (some 160 µs), which a guest that needs little shall not wait for.
    static let smallPartByteCount = 128 << 10

    /// All regions by address, the image's segments among them.
    public let regions: [MemoryRegion]
    /// The image's segments by address.
    public let imageSegments: [MemoryRegion]
    /// The size of the whole mapping in bytes, from address 0 to the end of the heap.
    public let byteCount: Int
    /// The input region.
    let input: MemoryRegion
    /// The stack, telemetry, output and heap regions.
    let stack: MemoryRegion
    let telemetry: MemoryRegion
    let output: MemoryRegion
    let heap: MemoryRegion

    /// Places the regions around an image.
    public init(segments: [ImageSegment], sizes: MemorySizes = .default) throws(MemoryMapError) {
        let image = try Self.place(segments)
        guard let imageEnd = image.last?.end else { throw .noSegments }

        var inputAddress = imageEnd.rawValue
        var inputByteCount = try Self.pages(sizes.input, of: .input)
        if inputByteCount >= Self.largeBufferByteCount {
            inputAddress = Self.beforeLargePage(inputAddress, byteCount: Self.smallPartByteCount)
            inputByteCount = Self.withLargePart(inputByteCount)
        }
        input = MemoryRegion(
            kind: .input, address: GuestAddress(inputAddress), byteCount: inputByteCount, permissions: .read)

        var outputByteCount = try Self.pages(sizes.output, of: .output)
        let heapByteCount = try Self.pages(sizes.heap, of: .heap)
        let stackAndTelemetry = try Self.pages(sizes.stack, of: .stack) + Self.pages(sizes.telemetry, of: .telemetry)
        let smallHeapByteCount = min(heapByteCount, Self.smallPartByteCount)
        var next = input.end.rawValue + UInt64(Self.stackGuardByteCount)
        if outputByteCount >= Self.largeBufferByteCount {
            next = Self.beforeLargePage(next, byteCount: stackAndTelemetry + Self.smallPartByteCount)
            // Ends where the heap's small part has to begin; what is added costs address space only.
            outputByteCount =
                Self.withLargePart(outputByteCount) + Self.largePageByteCount - smallHeapByteCount
        } else if heapByteCount > Self.smallPartByteCount {
            next = Self.beforeLargePage(next, byteCount: stackAndTelemetry + outputByteCount + smallHeapByteCount)
        }
        func writable(_ kind: MemoryRegion.Kind, _ byteCount: Int) throws(MemoryMapError) -> MemoryRegion {
            let region = MemoryRegion(
                kind: kind, address: GuestAddress(next), byteCount: try Self.pages(byteCount, of: kind),
                permissions: [.read, .write])
            next = region.end.rawValue
            return region
        }
        stack = try writable(.stack, sizes.stack)
        telemetry = try writable(.telemetry, sizes.telemetry)
        output = try writable(.output, outputByteCount)
        heap = try writable(.heap, sizes.heap)
        guard next <= UInt64(Self.maximumByteCount) else { throw .tooLarge(maximum: Self.maximumByteCount) }

        imageSegments = image
        regions = [Self.control] + image + [input, stack, telemetry, output, heap]
        byteCount = Int(next)
    }

    /// The one region of a kind; of the image the first segment.
    public func region(_ kind: MemoryRegion.Kind) -> MemoryRegion {
        switch kind {
        case .control: Self.control
        case .image: imageSegments[0]
        case .input: input
        case .stack: stack
        case .output: output
        case .telemetry: telemetry
        case .heap: heap
        }
    }

    /// The region that holds the address, if guest code can reach it.
    public func region(containing address: GuestAddress) -> MemoryRegion? {
        regions.first { address >= $0.address && address < $0.end }
    }

    private static let control = MemoryRegion(
        kind: .control, address: controlPage, byteCount: pageByteCount, permissions: .read)

    private static func pages(_ byteCount: Int, of kind: MemoryRegion.Kind) throws(MemoryMapError) -> Int {
        guard byteCount > 0 else { throw .regionTooSmall(kind, byteCount: byteCount, minimum: 1) }
        guard byteCount <= maximumByteCount else { throw .tooLarge(maximum: maximumByteCount) }
        return Int(align(UInt64(byteCount), to: pageByteCount))
    }

    /// The lowest address from `address` on that lies `byteCount` bytes below a 2 MiB boundary.
    private static func beforeLargePage(_ address: UInt64, byteCount: Int) -> UInt64 {
        align(address + UInt64(byteCount), to: largePageByteCount) - UInt64(byteCount)
    }

    /// The size of a large buffer: its small part, and whole large pages for the rest.
    private static func withLargePart(_ byteCount: Int) -> Int {
        smallPartByteCount + Int(align(UInt64(byteCount - smallPartByteCount), to: largePageByteCount))
    }

    /// Both operands are far below 2^63 here, so the sum cannot overflow.
    static func align(_ value: UInt64, to unit: Int) -> UInt64 {
        (value + UInt64(unit) - 1) & ~(UInt64(unit) - 1)
    }

    private static func place(_ segments: [ImageSegment]) throws(MemoryMapError) -> [MemoryRegion] {
        guard !segments.isEmpty else { throw .noSegments }
        guard segments.count <= maximumSegmentCount else { throw .tooManySegments(count: segments.count) }
        var placed: [MemoryRegion] = []
        for (index, segment) in segments.enumerated() {
            guard segment.byteCount > 0 else { throw .emptySegment(index: index) }
            let (end, overflow) = segment.address.rawValue.addingReportingOverflow(UInt64(segment.byteCount))
            guard !overflow, segment.address >= imageBase, end <= imageLimit.rawValue else {
                throw .segmentOutOfRange(index: index)
            }
            guard !segment.permissions.isSuperset(of: [.write, .execute]) else {
                throw .writableAndExecutable(index: index)
            }
            let start = segment.address.rawValue & ~(UInt64(pageByteCount) - 1)
            let region = MemoryRegion(
                kind: .image, address: GuestAddress(start),
                byteCount: Int(align(end, to: pageByteCount) - start), permissions: segment.permissions.union(.read))
            guard !placed.contains(where: { $0.address < region.end && region.address < $0.end }) else {
                throw .overlappingSegments(index: index)
            }
            placed.append(region)
        }
        return placed.sorted { $0.address < $1.address }
    }
}
