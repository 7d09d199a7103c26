// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing
import VitrineELF

@Suite("ELFSymbols")
struct ELFSymbolsTests {
    @Test("Functions come sorted by address; what is no function is left out")
    func functions() throws {
        let symbols = try ELFSymbols(parsing: ELFBuilder.valid.bytes())
        #expect(symbols.map(\.name) == ["start", "$s5guest4mainyyF"])
        #expect(symbols.map(\.address) == [0x20_0000, 0x20_0010])
        #expect(symbols.map(\.byteCount) == [0, 0x10])
    }

    @Test(
        "An address has the function that holds it, and the distance",
        arguments: [
            (0x1F_FFFF, nil, 0), (0x20_0000, "start", 0), (0x20_000F, "start", 15),
            (0x20_0010, "$s5guest4mainyyF", 0), (0x20_001F, "$s5guest4mainyyF", 15), (0x20_0020, nil, 0),
            (UInt64.max, nil, 0), (0, nil, 0),
        ] as [(UInt64, String?, UInt64)])
    func lookup(address: UInt64, name: String?, offset: UInt64) throws {
        let found = try ELFSymbols(parsing: ELFBuilder.valid.bytes()).lookup(address)
        #expect(found?.symbol.name == name)
        #expect(found?.offset == (name == nil ? nil : offset))
    }

    @Test("Of several names of one address the one with the most code is told")
    func aliases() throws {
        var builder = ELFBuilder.valid
        builder.functions = [
            .init(name: "label", address: 0x20_0010, byteCount: 0),
            .init(name: "function", address: 0x20_0010, byteCount: 8),
        ]
        let symbols = try ELFSymbols(parsing: builder.bytes())
        #expect(symbols.lookup(0x20_0014)?.symbol.name == "function")
        #expect(symbols.lookup(0x20_0018)?.symbol.name == nil)
    }

    @Test("Addresses of a position-independent file are those in guest memory")
    func bias() throws {
        var builder = ELFBuilder.dynamic([])
        builder.functions = [
            .init(name: "f", address: 0x10, byteCount: 4), .init(name: "g", address: .max, byteCount: 4),
        ]
        let symbols = try ELFSymbols(parsing: builder.bytes())
        #expect(symbols.map(\.address) == [0x20_0010])
        #expect(symbols.lookup(0x20_0012)?.symbol.name == "f")
    }

    @Test("A stripped file has no symbols")
    func stripped() throws {
        var builder = ELFBuilder.valid
        builder.functions = []
        let symbols = try ELFSymbols(parsing: builder.bytes())
        #expect(symbols.isEmpty)
        #expect(symbols.lookup(0x20_0010)?.offset == nil)
    }

    @Test("A name is cut at the limit")
    func longName() throws {
        var builder = ELFBuilder.valid
        builder.functions = [
            .init(name: String(repeating: "n", count: 20_000), address: 0x20_0000, byteCount: 1)
        ]
        #expect(try ELFSymbols(parsing: builder.bytes()).first?.name.utf8.count == 16 << 10)
    }

    @Test("Each address of a thousand functions is found")
    func many() throws {
        var builder = ELFBuilder.valid
        builder.functions = (0..<1000).map { .init(name: "f\($0)", address: 0x20_0000 + $0 * 16, byteCount: 16) }
        let symbols = try ELFSymbols(parsing: builder.bytes())
        for index in 0..<1000 as Range<UInt64> {
            let found = symbols.lookup(0x20_0000 + index * 16 + index % 16)
            #expect(found?.symbol.name == "f\(index)" && found?.offset == index % 16)
        }
    }
}
