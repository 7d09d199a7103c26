// SPDX-License-Identifier: MIT OR Apache-2.0

import Mutation
import Testing
import VitrineWire

@Suite("Seeds of fuzz_message and fuzz_telemetry")
struct WireSeedTests {
    @Test("A message's seed is what the writer makes")
    func messages() throws {
        let all = try call("function", count: 9, resultType: .string) { (writer) throws(WireError) in
            try writer.append(Int32(1))
            try writer.append(UInt32(2))
            try writer.append(Int64(3))
            try writer.append(UInt64(4))
            try writer.append(Float(5))
            try writer.append(Double(6))
            try writer.append(true)
            try writer.append("text, ẗëẍt")
            try writer.append([8, 9, 10] as [UInt8])
        }
        check(all, "fuzz_message", "call")
        try check(result(WireVoid()), "fuzz_message", "void")
        try check(result("some text"), "fuzz_message", "text")
        try check(errorMessage(.hostFunctionFailed, "what it said"), "fuzz_message", "error")
    }

    @Test("A telemetry seed is what the writer makes")
    func telemetry() {
        check(TelemetrySample.bytes, "fuzz_telemetry", "records")
        let region = words(UInt32(TelemetrySample.bytes.count), 0, 7, 0, 0, 0, 0, 0) + TelemetrySample.bytes
        check(region, "fuzz_telemetry", "region")
    }

    private func check(
        _ bytes: [UInt8], _ target: String, _ name: String, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let path = TestFile.seedPath(target, name, from: #filePath)
        if TestFile.writesSeeds {
            #expect(TestFile.write(bytes, path: path), sourceLocation: sourceLocation)
        }
        #expect(TestFile.bytes(path: path) == bytes, sourceLocation: sourceLocation)
    }
}
