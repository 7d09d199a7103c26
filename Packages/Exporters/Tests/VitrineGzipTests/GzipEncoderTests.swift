// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import Testing

@testable import VitrineGzip

@Suite("Gzip encoder")
struct GzipEncoderTests {
    /// What there is to compress, by name.
    enum Input: CaseIterable {
        case empty, byte, text, step, telemetry, incompressible, large

        var bytes: [UInt8] {
            switch self {
            case .empty: []
            case .byte: [7]
            case .text: Array("span<1>".utf8)
            case .step: noise(byteCount: 16 << 10)
            case .telemetry:
                (0..<5_000).flatMap { Array("{\"name\":\"GET /items\",\"id\":\($0 &* 2_654_435_761)}".utf8) }
            case .incompressible: noise(byteCount: 1 << 20)
            case .large: repeated(noise(byteCount: 10 << 10), doublings: 10)
            }
        }

        private func repeated(_ bytes: [UInt8], doublings: Int) -> [UInt8] {
            var bytes = bytes
            for _ in 0..<doublings { bytes += bytes }
            return bytes
        }

        /// Bytes of a simple generator, which nobody makes smaller.
        private func noise(byteCount: Int) -> [UInt8] {
            var state: UInt64 = 88_172_645_463_325_252
            return (0..<byteCount).map { _ in
                state ^= state << 13
                state ^= state >> 7
                state ^= state << 17
                return UInt8(truncatingIfNeeded: state)
            }
        }
    }

    private func gzip(_ bytes: [UInt8], level: Int = 3) throws -> [UInt8] {
        var encoder = try GzipEncoder(level: level)
        var output: [UInt8] = []
        try encoder.append(bytes.span, to: &output)
        return output
    }

    @Test("makes one member of any input, which zlib decodes to it", arguments: Input.allCases)
    func member(input: Input) throws {
        let bytes = input.bytes
        let output = try gzip(bytes)
        // No name, no time, nothing else in the header.
        #expect(output.prefix(4) == [0x1F, 0x8B, 8, 0])
        #expect(output[4..<8] == [0, 0, 0, 0])
        let decoded = try GzipDecoder.decode(output.span, maximumByteCount: bytes.count)
        #expect(decoded.end == .whole(trailingByteCount: 0))
        #expect(decoded.bytes == bytes)
        #expect(output.count <= bytes.count + bytes.count / 1_000 + 64)
    }

    @Test("is understood by Python", arguments: [Input.empty, .text, .incompressible])
    func python(input: Input) throws {
        let process = Process()
        let (source, result) = (Pipe(), Pipe())
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [
            "python3", "-c",
            "import gzip, sys; sys.stdout.buffer.write(gzip.decompress(sys.stdin.buffer.read()))",
        ]
        process.standardInput = source
        process.standardOutput = result
        try process.run()
        let output = Data(try gzip(input.bytes))
        Thread {
            try? source.fileHandleForWriting.write(contentsOf: output)
            try? source.fileHandleForWriting.close()
        }.start()
        #expect(try result.fileHandleForReading.readToEnd() ?? Data() == Data(input.bytes))
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
    }

    @Test("makes a member of its own of each body, whatever came before, behind what is there")
    func reuse() throws {
        var encoder = try GzipEncoder()
        for input in [Input.text, .telemetry, .empty, .incompressible, .byte, .text] {
            var output: [UInt8] = [1, 2, 3]
            try encoder.append(input.bytes.span, to: &output)
            #expect(output.prefix(3) == [1, 2, 3])
            #expect(try Array(output.dropFirst(3)) == gzip(input.bytes))
        }
    }

    @Test("is smaller the harder it tries")
    func levels() throws {
        let sizes = try [1, 3, 6, 9].map { try gzip(Input.telemetry.bytes, level: $0).count }
        #expect(sizes == sizes.sorted(by: >))
        #expect(Set(sizes).count >= 3)
    }

    @Test("refuses levels that there are not", arguments: [-1, 0, 10, .max])
    func unknownLevels(level: Int) {
        #expect(throws: GzipError.level(level)) { _ = try gzip([], level: level) }
    }

    @Test("needs no more memory for the output than for what is in it, and a step")
    func growth() throws {
        var encoder = try GzipEncoder()
        var output: [UInt8] = []
        output.reserveCapacity(256 << 10)
        let capacity = output.capacity
        for _ in 0..<3 {
            output.removeAll(keepingCapacity: true)
            try encoder.append(Input.telemetry.bytes.span, to: &output)
            #expect(output.capacity == capacity)
        }
    }
}
