// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing

@testable import VitrineGzip

@Suite("Gzip decoder")
struct GzipDecoderTests {
    private func gzip(_ bytes: [UInt8]) throws -> [UInt8] {
        var encoder = try GzipEncoder()
        var output: [UInt8] = []
        try encoder.append(bytes.span, to: &output)
        return output
    }

    @Test("decodes no more than it is told")
    func limit() throws {
        let zeros = [UInt8](repeating: 0, count: 10 << 20)
        let bomb = try gzip(zeros)
        #expect(bomb.count < 64 << 10)
        for limit in [0, 1, 16 << 10, (16 << 10) + 1, 64 << 10, zeros.count - 1] {
            let decoded = try GzipDecoder.decode(bomb.span, maximumByteCount: limit)
            #expect(decoded.end == .limited)
            #expect(decoded.bytes.count == limit)
        }
        #expect(try GzipDecoder.decode(bomb.span, maximumByteCount: zeros.count).end == .whole(trailingByteCount: 0))
    }

    @Test("says what follows the member")
    func trailing() throws {
        let one = try gzip([1, 2, 3])
        let decoded = try GzipDecoder.decode((one + one).span, maximumByteCount: 100)
        #expect(decoded == GzipDecoded(bytes: [1, 2, 3], end: .whole(trailingByteCount: one.count)))
    }

    @Test("says of every part of a member that it is one")
    func parts() throws {
        let whole = try gzip(Array("a span and another span".utf8))
        for count in 0..<whole.count {
            #expect(
                try GzipDecoder.decode(whole.span.extracting(first: count), maximumByteCount: 100).end == .unfinished)
        }
    }

    @Test("gives a value or an error for a member with any byte changed")
    func changed() throws {
        let bytes = Array("a span and another span".utf8)
        let whole = try gzip(bytes)
        var errorCount = 0
        for position in whole.indices {
            for change: UInt8 in [1, 0x20, 0xFF] {
                var broken = whole
                broken[position] ^= change
                do throws(GzipError) {
                    let decoded = try GzipDecoder.decode(broken.span, maximumByteCount: 100)
                    #expect(decoded.bytes.count <= 100)
                } catch {
                    #expect(error == .zlib(code: -3))
                    errorCount += 1
                }
            }
        }
        #expect(errorCount > whole.count)
    }

    @Test("refuses what is not gzip", arguments: [Array("not gzip".utf8), [UInt8](repeating: 0xFF, count: 100)])
    func other(bytes: [UInt8]) {
        #expect(throws: GzipError.zlib(code: -3)) { try GzipDecoder.decode(bytes.span, maximumByteCount: 100) }
    }
}
