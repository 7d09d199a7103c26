// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing
import VitrineObservability

@Suite("Level and Field")
struct LevelTests {
    @Test("levels are ordered by verbosity")
    func order() {
        #expect(Level.allCases == [.off, .error, .warn, .info, .debug, .trace])
        #expect(Level.allCases.sorted() == Level.allCases)
        #expect(Level.allCases.map(\.rawValue) == [0, 1, 2, 3, 4, 5])
        #expect(Level.allCases.map(\.description) == ["off", "error", "warn", "info", "debug", "trace"])
    }

    @Test("fields take literals and variables as typed values")
    func values() {
        let count = 3
        let size: UInt64 = .max
        let name = "echo"
        #expect(Field("a", 1).value == .int64(1))
        #expect(Field("a", -1).value == .int64(-1))
        #expect(Field("a", 1.5).value == .double(1.5))
        #expect(Field("a", true).value == .bool(true))
        #expect(Field("a", "b").value == .string("b"))
        #expect(Field("a", "\(name)!").value == .string("echo!"))
        #expect(Field("a", count).value == .int64(3))
        #expect(Field("a", size).value == .uint64(.max))
        #expect(Field("a", .uint64(7)).value == .uint64(7))
        #expect(Field("a", UInt32(7)).value == .uint64(7))
        #expect(Field("bytes", 12).description == "bytes=12")
    }
}
