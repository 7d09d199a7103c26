// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing
import VitrineGzip

@Suite("Gzip encoder")
struct GzipEncoderTests {
    @Test("refuses levels that there are not", arguments: [-1, 0, 10])
    func levels(level: Int) {
        #expect(throws: GzipError.level(level)) { _ = try GzipEncoder(level: level).isUsable }
    }
}

extension GzipEncoder {
    fileprivate var isUsable: Bool { true }
}
