// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing
import VitrineELF

@testable import Vitrine

@Suite("Bad images")
struct BadImageTests {
    /// The bytes of a good image, to be spoiled. Offsets are those of Elf64_Ehdr and Elf64_Phdr.
    private static var good: [UInt8] { get throws { try SampleGuest.c.image.elf.bytes } }

    /// What the reader says of the good image after a change.
    private func error(after spoil: (inout [UInt8]) -> Void) throws -> ELFError {
        var bytes = try Self.good
        spoil(&bytes)
        let error = expectFailure(.badImage) { _ = try GuestImage(parsing: bytes) }
        #expect(error?.advice.isEmpty == false)
        return try #require(error?.underlying as? ELFError)
    }

    @Test("Empty, short and foreign files")
    func notELF() throws {
        for bytes in [[], [0x7F], Array("#!/bin/sh\n".utf8), [UInt8](repeating: 0, count: 4_096)] {
            expectFailure(.badImage) { _ = try GuestImage(parsing: bytes) }
        }
        #expect(try error { $0[0] = 0x7E } == .notELF)
        for length in [4, 16, 63, 64, 100] {
            let bytes = Array(try Self.good.prefix(length))
            expectFailure(.badImage) { _ = try GuestImage(parsing: bytes) }
        }
    }

    @Test("32-bit, big-endian, another machine, another type")
    func header() throws {
        #expect(try error { $0[4] = 1 } == .not64Bit(fileClass: 1))
        #expect(try error { $0[5] = 2 } == .notLittleEndian(data: 2))
        #expect(try error { $0[18] = 0xB7 } == .wrongMachine(0xB7))
        #expect(try error { $0[16] = 1 } == .wrongFileType(1))
    }

    @Test("An entry point outside the code")
    func entry() throws {
        let found = try error { bytes in
            for index in 24..<32 { bytes[index] = 0xFF }
        }
        #expect(found == .entryOutsideCode(address: .max))
    }

    @Test("A segment that may be written and executed, one beyond the window, an enormous one, and none")
    func segments() throws {
        let flags = try error { Self.changeEachLoad(&$0, at: 4, to: 7) }
        guard case .writableAndExecutable = flags else { throw flags }
        for offset in [23, 46] {
            let place = try error { Self.changeEachLoad(&$0, at: offset, to: 0x7F) }
            guard case .segmentOutsideWindow = place else { throw place }
        }
        let empty = try error { bytes in
            for offset in 32..<48 { Self.changeEachLoad(&bytes, at: offset, to: 0) }
        }
        #expect(empty == .noSegments)
    }

    @Test("An image of another ABI version, and one of none")
    func abiVersion() throws {
        var bytes = try Self.good
        let owner = Array("Vitrine\0".utf8)
        let note = try #require(bytes.indices.first { bytes[$0...].starts(with: owner) && bytes[$0 - 8] == 4 })
        bytes[note + 8] = 99
        let error = expectFailure(.abiMismatch) { _ = try GuestImage(parsing: bytes) }
        #expect(error?.message.contains("version 99") == true)
        bytes[note] = UInt8(ascii: "X")
        let none = expectFailure(.abiMismatch) { _ = try GuestImage(parsing: bytes) }
        #expect(none?.message.contains("none") == true)
    }

    @Test("Files that cannot be read say so, and what to do")
    func files() {
        let missing = expectFailure(.badImage) { _ = try GuestImage(file: "/no/such/guest") }
        #expect(missing?.description.contains("No such file") == true)
        expectFailure(.badImage) { _ = try GuestImage(file: "/proc") }
        expectFailure(.badImage) { _ = try GuestImage(file: "/dev/null") }
        expectFailure(.badImage) { _ = try SandboxBuilder(guest: .bytes([1, 2, 3])).build() }
    }

    @Test("Ten thousand seeded mutations are an image or an error, never a trap")
    func mutations() throws {
        let good = try Self.good
        var generator = SplitMix(state: 0x5EED)
        for _ in 0..<10_000 {
            var bytes = good
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                bytes[Int.random(in: 0..<min(1_024, bytes.count), using: &generator)] = UInt8.random(
                    in: 0...255, using: &generator)
            }
            _ = try? GuestImage(parsing: bytes)
        }
    }

    /// Sets a byte of each program header of type PT_LOAD.
    private static func changeEachLoad(_ bytes: inout [UInt8], at position: Int, to value: UInt8) {
        let count = Int(bytes[56]) | Int(bytes[57]) << 8
        for index in 0..<count {
            let offset = 64 + 56 * index
            if bytes[offset] == 1 { bytes[offset + position] = value }
        }
    }
}

/// SplitMix64 (Steele, Lea, Flood 2014): the same numbers on every run.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }
}
