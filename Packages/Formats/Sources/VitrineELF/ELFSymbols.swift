// SPDX-License-Identifier: MIT OR Apache-2.0

import VitrineWire

/// A function of an image.
public struct ELFSymbol: Hashable, Sendable {
    /// The name, mangled; bytes that are no UTF-8 are replaced.
    public let name: String

    /// Where it starts in guest memory, with the load bias.
    public let address: UInt64

    /// Bytes of its code; 0 where the assembler did not say.
    public let byteCount: UInt64
}

/// The functions of an image, sorted by address, to name the code at an address.
///
/// Reading is total and bounded: it allocates 24 bytes a function at most, which is what one takes in the file. Names
/// are made when asked for. A file without a symbol table has no symbols; that is no error.
public struct ELFSymbols: Sendable {
    /// The most of everything that a file may have.
    public enum Limit {
        /// Section headers.
        public static let sectionHeaders = 65_535
        /// Symbols.
        public static let symbols = 1 << 20
        /// Bytes of a name; a longer one is cut.
        public static let nameBytes = 16 << 10
    }

    private struct Function {
        let address: UInt64
        let byteCount: UInt64
        let name: Int
    }

    private let bytes: [UInt8]
    private let functions: [Function]
    private let strings: Range<Int>

    /// Reads the functions of `.symtab`. O(n log n) in the number of symbols; keeps the array, no copy.
    public init(parsing bytes: [UInt8]) throws(ELFError) {
        let file = bytes.span.rawBytes
        let header = try ELFHeader(file)
        self.bytes = bytes
        guard let table = try ELFSymbolTable(file, header) else {
            functions = []
            strings = 0..<0
            return
        }
        var found: [Function] = []
        for offset in stride(
            from: table.symbols.lowerBound, to: table.symbols.upperBound, by: ELFSymbolOffset.byteCount)
        where file.uint8(at: offset + ELFSymbolOffset.info) & 0xF == ELFValue.function
            && file.uint16(at: offset + ELFSymbolOffset.section) != ELFValue.undefinedSection
        {
            let (address, overflow) = file.uint64(at: offset + ELFSymbolOffset.value)
                .addingReportingOverflow(header.loadBias)
            guard !overflow else { continue }
            let name = Int(file.uint32(at: offset + ELFSymbolOffset.name))
            let byteCount = file.uint64(at: offset + ELFSymbolOffset.size)
            found.append(Function(address: address, byteCount: byteCount, name: name))
        }
        // Among names of one address the one with the most code wins, then the first.
        found.sort { ($0.address, $1.byteCount, $0.name) < ($1.address, $0.byteCount, $1.name) }
        functions = found
        strings = table.strings
    }

    /// The function whose code is at this address, and how far into it; nil where none is. O(log n).
    ///
    /// A function without a size reaches to the next one, or to the end of the image window.
    public func lookup(_ address: UInt64) -> (symbol: ELFSymbol, offset: UInt64)? {
        var low = 0
        var high = functions.count
        while low < high {
            let middle = low + (high - low) / 2
            if functions[middle].address <= address {
                low = middle + 1
            } else {
                high = middle
            }
        }
        guard low > 0 else { return nil }
        let start = functions[low - 1].address
        // Several names of one address: the first of them.
        var index = low - 1
        while index > 0, functions[index - 1].address == start {
            index -= 1
        }
        let function = functions[index]
        let offset = address - start
        guard function.byteCount == 0 ? address < GuestABI.imageLimit : offset < function.byteCount else { return nil }
        return (self[index], offset)
    }

    /// The name at an offset of the string table: up to its zero, the table's end or the limit.
    private func name(at offset: Int) -> String {
        guard offset < strings.count else { return "" }
        let start = strings.lowerBound + offset
        let limit = start + Swift.min(strings.count - offset, Limit.nameBytes)
        let end = bytes[start..<limit].firstIndex(of: 0) ?? limit
        return String(decoding: bytes[start..<end], as: UTF8.self)
    }
}

extension ELFSymbols: RandomAccessCollection {
    /// 0.
    public var startIndex: Int { 0 }

    /// The number of functions.
    public var endIndex: Int { functions.count }

    /// The function, its name made now.
    public subscript(position: Int) -> ELFSymbol {
        let function = functions[position]
        return ELFSymbol(name: name(at: function.name), address: function.address, byteCount: function.byteCount)
    }
}
