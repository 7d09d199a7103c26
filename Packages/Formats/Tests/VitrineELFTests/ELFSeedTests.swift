// SPDX-License-Identifier: MIT OR Apache-2.0

import Mutation
import Testing

@Suite("Seeds of fuzz_elf")
struct ELFSeedTests {
    private static let relocations = (0..<8 as Range<UInt64>).map { (0x1000 + 8 * $0, UInt64(8), 0x10 + $0) }

    @Test(
        "A seed is what the builder makes",
        arguments: [
            ("fixed", ELFBuilder.valid.bytes()), ("relocated", ELFBuilder.relocated(relocations).bytes()),
        ])
    func seed(name: String, bytes: [UInt8]) {
        let path = TestFile.seedPath("fuzz_elf", name, from: #filePath)
        if TestFile.writesSeeds {
            #expect(TestFile.write(bytes, path: path))
        }
        #expect(TestFile.bytes(path: path) == bytes)
    }
}
