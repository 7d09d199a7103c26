// SPDX-License-Identifier: MIT OR Apache-2.0

import Mutation
import Testing
import VitrineELF
import VitrineWire

/// 400,000 damaged ELF files: each gives an image that keeps every promise, or a typed error, and no trap.
@Suite("Damaged ELF files")
struct ELFMutationTests {
    @Test("A small image with fixed addresses")
    func fixed() {
        damage(ELFBuilder.valid.bytes(), seed: 1, times: 150_000)
    }

    @Test("A small image that is relocated")
    func relocated() {
        let relocations = (0..<8 as Range<UInt64>).map { (0x1000 + 8 * $0, UInt64(8), 0x10 + $0) }
        damage(ELFBuilder.relocated(relocations).bytes(), seed: 2, times: 150_000)
    }

    @Test("A symbol table")
    func symbols() {
        var mutator = Mutator(seed: 3, edges: 192)
        var bytes = ELFBuilder.valid.bytes()
        var found = 0
        for _ in 0..<100_000 {
            mutator.damage(&bytes)
            if let symbols = try? ELFSymbols(parsing: bytes) {
                found += symbols.lookup(0x20_0018) == nil ? 0 : 1
                found += symbols.first?.name.isEmpty == false ? 1 : 0
            }
            mutator.mend(&bytes)
        }
        #expect(found > 1000)
    }

    /// The sample guests that are built, in one of the builds.
    static let guests: [String] = {
        let root = #filePath.split(separator: "/").dropLast(5).joined(separator: "/")
        return ["simpleguest", "c_simpleguest", "dummyguest"].compactMap { name in
            ["debug", "release"].map { "/\(root)/Guests/bin/\($0)/\(name)" }.first { TestFile.bytes(path: $0) != nil }
        }
    }()

    @Test("A real guest", .enabled(if: !guests.isEmpty, "no guest is built: just build-guests"), arguments: guests)
    func realGuest(path: String) throws {
        let bytes = try #require(TestFile.bytes(path: path))
        let image = try ELFImage(parsing: bytes)
        #expect(image.abiVersion == GuestABI.version)
        #expect(image.buildID?.isEmpty == false)
        let symbols = try ELFSymbols(parsing: bytes)
        #expect(symbols.lookup(image.entry)?.offset == 0)
        damage(bytes, seed: 4, times: 10_000)
        var mutator = Mutator(seed: 5, edges: 4096)
        var damaged = bytes
        for _ in 0..<100 {
            mutator.damage(&damaged)
            _ = try? ELFSymbols(parsing: damaged).lookup(image.entry)
            mutator.mend(&damaged)
        }
    }

    /// Reads the damaged file, and holds what is read against what images promise.
    private func damage(_ sample: [UInt8], seed: UInt64, times: Int) {
        let before = TestFile.peakMemoryByteCount
        var mutator = Mutator(seed: seed)
        var bytes = sample
        var images = 0
        for _ in 0..<times {
            mutator.damage(&bytes)
            if mutator.next(below: 64) == 0 {
                _ = try? ELFImage(parsing: Array(bytes[..<mutator.next(below: bytes.count)]))
            }
            if let image = try? ELFImage(parsing: bytes) {
                images += 1
                if !keepsPromises(image) {
                    Issue.record("an image breaks its promises, seed \(seed), after \(images) images")
                }
            }
            mutator.mend(&bytes)
        }
        #expect(bytes == sample)
        #expect(images > times / 100)
        #expect(TestFile.peakMemoryByteCount - before < 256 << 20)
    }

    private func keepsPromises(_ image: ELFImage) -> Bool {
        var end = GuestABI.imageBase
        for segment in image.segments {
            let range = segment.addresses
            guard range.lowerBound >= end, !range.isEmpty, range.upperBound <= GuestABI.imageLimit,
                segment.fileRange.count <= segment.byteCount, segment.fileRange.upperBound <= image.bytes.count,
                !segment.permissions.isSuperset(of: [.write, .execute])
            else { return false }
            end = (range.upperBound + 4095) & ~4095
        }
        var isKept = image.segments.contains {
            $0.permissions.contains(.execute) && $0.addresses.contains(image.entry)
        }
        image.load { address, bytes in
            isKept = isKept && image.extent.contains(address) && bytes.byteCount > 0
        }
        image.relocate { address, value in
            let isInside = image.segments.contains {
                $0.addresses.contains(address) && $0.addresses.contains(address + 7)
            }
            isKept = isKept && isInside && (image.extent.contains(value) || value == image.extent.upperBound)
        }
        return isKept
    }
}
