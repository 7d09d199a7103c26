// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing
import TraceAnalysis
import TraceSamples
import VitrineELF

@Suite struct SymbolTableTests {
    private func table() throws -> SymbolTable { try SymbolTable(parsingELF: SampleELF.bytes()) }

    @Test func functionsAndBuildIDAreRead() throws {
        let table = try table()
        #expect(table.count == SampleELF.functions.count)
        #expect(table.buildID == SampleELF.buildID)
    }

    @Test func theInnermostFrameIsLookedUpWhereItIs() throws {
        var table = try table()
        let frame = table.frame(at: 0x20_0100, isReturnAddress: false)
        #expect(frame.function == "simpleguest.makeList(count: Swift.Int) -> ()")
        #expect(frame.offset == 0)
    }

    @Test func aReturnAddressBehindAFunctionsEndBelongsToIt() throws {
        var table = try table()
        let frame = table.frame(at: 0x20_0100, isReturnAddress: true)
        #expect(frame == SymbolizedFrame(address: 0x20_0100, function: "start", offset: 0x100))
    }

    @Test func anAddressWithoutASymbolHasNoFunction() throws {
        var table = try table()
        for address: UInt64 in [0, 1, 0x20_01D1, 0x1F_FFFF, .max] {
            #expect(table.frame(at: address, isReturnAddress: false).function == nil)
        }
        #expect(table.frame(at: 0, isReturnAddress: true).function == nil)
        #expect(table.frame(at: 0x20_0000, isReturnAddress: true).function == nil)
    }

    @Test func controlCharactersOfANameDoNotReachTheTerminal() throws {
        var table = try table()
        #expect(table.frame(at: 0x20_01C4, isReturnAddress: false).function == "evil\u{FFFD}[31m")
    }

    @Test func specializationsAreShownAsTheFunctionItself() throws {
        var table = try table()
        let name = table.frame(at: 0x20_0200, isReturnAddress: false).function
        #expect(name?.hasPrefix("static Swift.Array._allocateBufferUninitialized(minimumCapacity: Swift.Int)") == true)
    }

    @Test func aFileThatIsNoELFIsAnError() {
        #expect(throws: ELFError.self) { try SymbolTable(parsingELF: Array("VTRC".utf8)) }
    }

    @Test func buildIDsAreCompared() {
        #expect(BuildIDMatch(symbols: [1, 2], trace: [1, 2]) == .same)
        #expect(BuildIDMatch(symbols: [1, 2], trace: [1]) == .different(symbols: [1, 2], trace: [1]))
        #expect(BuildIDMatch(symbols: nil, trace: [1]) == .unknown)
        #expect(BuildIDMatch(symbols: [1], trace: []) == .unknown)
        #expect(BuildIDMatch.text([0x0A, 0xFF]) == "0aff")
    }
}
