// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing
import VitrineHypervisor

@Suite("MemoryMap")
struct MemoryMapTests {
    static func segment(
        _ address: UInt64, _ byteCount: Int, _ permissions: MemoryPermissions = .read
    ) -> ImageSegment {
        ImageSegment(address: GuestAddress(address), byteCount: byteCount, permissions: permissions)
    }

    static let code = segment(0x20_0000, 5000, [.read, .execute])

    @Test("lays the regions out in order, page-aligned and without overlap")
    func order() throws {
        let map = try MemoryMap(segments: [Self.segment(0x20_5010, 100, [.read, .write]), Self.code])
        let kinds: [MemoryRegion.Kind] = [.control, .image, .image, .input, .stack, .telemetry, .output, .heap]
        #expect(map.regions.map(\.kind) == kinds)
        #expect(map.region(.control).address.rawValue == 0x1F_F000)
        #expect(map.imageSegments.map(\.address.rawValue) == [0x20_0000, 0x20_5000])
        #expect(map.imageSegments.map(\.byteCount) == [0x2000, 0x1000])
        #expect(map.region(.input).address.rawValue == 0x20_6000)
        for (lower, upper) in zip(map.regions, map.regions.dropFirst()) { #expect(lower.end <= upper.address) }
        for region in map.regions {
            #expect(region.address.rawValue.isMultiple(of: 4096))
            #expect(region.byteCount.isMultiple(of: 4096))
        }
        #expect(map.byteCount == Int(map.region(.heap).end.rawValue))
    }

    @Test("keeps a guard of 64 KiB or more below the stack, for any sizes")
    func stackGuard() throws {
        for (input, stack, heap) in [(1, 1, 1), (1 << 20, 4096, 8 << 20), (70_000, 3 << 20, 200_000)] {
            let sizes = MemorySizes(input: input, heap: heap, stack: stack)
            let map = try MemoryMap(segments: [Self.code], sizes: sizes)
            #expect(map.region(.stack).address.rawValue - map.region(.input).end.rawValue >= 64 << 10)
        }
    }

    @Test("rounds sizes up to pages and keeps at least what was asked for")
    func rounding() throws {
        let sizes = MemorySizes(input: 1, output: 4097, telemetry: 4096, heap: 12_000, stack: 1)
        let map = try MemoryMap(segments: [Self.code], sizes: sizes)
        let kinds: [MemoryRegion.Kind] = [.input, .output, .telemetry, .heap, .stack]
        #expect(kinds.map { map.region($0).byteCount } == [4096, 8192, 4096, 12_288, 4096])
    }

    @Test("puts the first 128 KiB of large input, large output and the heap below a 2 MiB boundary")
    func largePages() throws {
        func isBelowBoundary(_ region: MemoryRegion) -> Bool {
            (region.address.rawValue + (128 << 10)).isMultiple(of: 2 << 20)
        }
        let small = try MemoryMap(segments: [Self.code])
        #expect(isBelowBoundary(small.region(.heap)))
        #expect(small.region(.heap).end.rawValue.isMultiple(of: 2 << 20))
        for byteCount in [1 << 20, 2 << 20, (2 << 20) + (128 << 10), 3 << 20] {
            let map = try MemoryMap(
                segments: [Self.code], sizes: MemorySizes(input: byteCount, output: byteCount, heap: 5 << 20))
            for kind in [MemoryRegion.Kind.input, .output, .heap] {
                #expect(isBelowBoundary(map.region(kind)), "\(kind) for \(byteCount)")
            }
            #expect(map.region(.input).end.rawValue.isMultiple(of: 2 << 20))
            #expect(byteCount..<byteCount + (2 << 20) ~= map.region(.input).byteCount)
            #expect(byteCount..<byteCount + (4 << 20) ~= map.region(.output).byteCount)
            #expect(map.region(.output).end == map.region(.heap).address)
        }
    }

    @Test("refuses images that cannot be placed")
    func badSegments() {
        func error(_ segments: [ImageSegment]) -> MemoryMapError? {
            do throws(MemoryMapError) { _ = try MemoryMap(segments: segments) } catch { return error }
            return nil
        }
        #expect(error([]) == .noSegments)
        #expect(error([Self.segment(0x20_0000, 0)]) == .emptySegment(index: 0))
        #expect(error([Self.segment(0x20_0000, -1)]) == .emptySegment(index: 0))
        #expect(error([Self.code, Self.segment(0x20_1FFF, 1)]) == .overlappingSegments(index: 1))
        #expect(error([Self.segment(0x1F_FFFF, 2)]) == .segmentOutOfRange(index: 0))
        #expect(error([Self.segment(0x41F_FFFF, 2)]) == .segmentOutOfRange(index: 0))
        #expect(error([Self.segment(.max, 2)]) == .segmentOutOfRange(index: 0))
        #expect(error([Self.segment(0x20_0000, .max)]) == .segmentOutOfRange(index: 0))
        #expect(error([Self.segment(0x20_0000, 1, [.write, .execute])]) == .writableAndExecutable(index: 0))
        let many = (0..<33).map { Self.segment(0x20_0000 + UInt64($0) * 4096, 1) }
        #expect(error(many) == .tooManySegments(count: 33))
        #expect(error([Self.segment(0x41F_FFFF, 1)]) == nil)
    }

    @Test("refuses sizes below one byte and above 16 GiB in all")
    func badSizes() {
        func error(_ sizes: MemorySizes) -> MemoryMapError? {
            do throws(MemoryMapError) { _ = try MemoryMap(segments: [Self.code], sizes: sizes) } catch {
                return error
            }
            return nil
        }
        #expect(error(MemorySizes(heap: 0)) == .regionTooSmall(.heap, byteCount: 0, minimum: 1))
        #expect(error(MemorySizes(stack: -5)) == .regionTooSmall(.stack, byteCount: -5, minimum: 1))
        #expect(error(MemorySizes(input: .max)) == .tooLarge(maximum: 16 << 30))
        #expect(error(MemorySizes(input: 8 << 30, heap: 8 << 30)) == .tooLarge(maximum: 16 << 30))
        #expect(error(MemorySizes(heap: 15 << 30)) == nil)
    }

    @Test("finds the region of an address")
    func regionContaining() throws {
        let map = try MemoryMap(segments: [Self.code])
        #expect(map.region(containing: GuestAddress(0x20_1FFF))?.kind == .image)
        #expect(map.region(containing: map.region(.stack).address)?.kind == .stack)
        #expect(map.region(containing: GuestAddress(0x1F_EFFF)) == nil)
        #expect(map.region(containing: map.region(.heap).end) == nil)
    }
}
