// SPDX-License-Identifier: MIT OR Apache-2.0

import Mutation
import Testing
import VitrineELF
import VitrineWire

/// Damaged ELF files, a million of them real guests: each gives an image that keeps every promise, or a typed error, no
/// trap, and no large allocation.
@Suite("Damaged ELF files")
struct ELFMutationTests {
    @Test("A small image with fixed addresses")
    func fixed() async {
        await #expect(processExitsWith: .success) {
            ELFMutationTests.damage(ELFBuilder.valid.bytes(), seed: 1, times: 50_000)
        }
    }

    @Test("A small image that is relocated")
    func relocated() async {
        await #expect(processExitsWith: .success) {
            let relocations = (0..<8 as Range<UInt64>).map { (0x1000 + 8 * $0, UInt64(8), 0x10 + $0) }
            ELFMutationTests.damage(ELFBuilder.relocated(relocations).bytes(), seed: 2, times: 50_000)
        }
    }

    @Test("A symbol table")
    func symbols() {
        var mutator = Mutator(seed: 3, edges: 192)
        var bytes = ELFBuilder.valid.bytes()
        var found = 0
        for _ in 0..<50_000 {
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

    @Test(
        "Real guests, a million times", .enabled(if: !guests.isEmpty, "no guest is built: just build-guests"),
        arguments: guests)
    func realGuest(path: String) async {
        await #expect(processExitsWith: .success) { [path = path as String] in
            let bytes = try #require(TestFile.bytes(path: path))
            ELFMutationTests.damage(bytes, seed: 4, times: 1_000_000 / ELFMutationTests.guests.count + 1)
        }
    }

    @Test(
        "The symbols of real guests", .enabled(if: !guests.isEmpty, "no guest is built: just build-guests"),
        arguments: guests)
    func realSymbols(path: String) throws {
        let bytes = try #require(TestFile.bytes(path: path))
        let image = try ELFImage(parsing: bytes)
        #expect(image.abiVersion == GuestABI.version)
        #expect(image.buildID?.isEmpty == false)
        let symbols = try ELFSymbols(parsing: bytes)
        #expect(symbols.lookup(image.entry)?.offset == 0)
        var mutator = Mutator(seed: 5, edges: 4096)
        var damaged = bytes
        for _ in 0..<100 {
            mutator.damage(&damaged)
            _ = try? ELFSymbols(parsing: damaged).lookup(image.entry)
            mutator.mend(&damaged)
        }
    }

    @Test("A large allocation would be noticed")
    func limit() async {
        await #expect(processExitsWith: .failure) {
            #expect(DataLimit.set(toFurtherBytes: ELFMutationTests.furtherByteCount))
            // Not touched, and so not resident.
            var bytes: [UInt8] = []
            bytes.reserveCapacity(2 * ELFMutationTests.furtherByteCount)
            print(bytes.capacity)
        }
    }

    /// What a million readings may add to the memory: short lists, a build-id, and what the test itself needs.
    static let furtherByteCount = 1 << 20

    /// Reads the damaged file, and holds what is read against what images promise.
    ///
    /// In a process of its own, which has no room for large allocations.
    private static func damage(_ sample: [UInt8], seed: UInt64, times: Int) {
        var bytes = sample
        // What the test itself needs is made beforehand: room for the largest piece of the file, and the copy to damage.
        var piece: [UInt8] = []
        piece.reserveCapacity(bytes.count)
        var mutator = Mutator(seed: seed)
        mutator.damage(&bytes)
        mutator.mend(&bytes)
        #expect(DataLimit.set(toFurtherBytes: furtherByteCount))
        var images = 0
        for _ in 0..<times {
            mutator.damage(&bytes)
            if mutator.next(below: 64) == 0 {
                piece.removeAll(keepingCapacity: true)
                piece.append(contentsOf: bytes[..<mutator.next(below: bytes.count)])
                _ = try? ELFImage(parsing: piece)
            }
            if let isSound = read(bytes) {
                images += 1
                if !isSound { Issue.record("an image breaks its promises, seed \(seed), after \(images) images") }
            }
            mutator.mend(&bytes)
        }
        #expect(bytes == sample)
        #expect(images > times / 100)
    }

    /// Whether the image keeps its promises; nil if there is none. It is gone by then, so that mending copies nothing.
    private static func read(_ bytes: [UInt8]) -> Bool? {
        (try? ELFImage(parsing: bytes)).map(keepsPromises)
    }

    private static func keepsPromises(_ image: ELFImage) -> Bool {
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
