// SPDX-License-Identifier: MIT OR Apache-2.0

public import VitrineELF

/// The functions of a guest by address, with names for people.
///
/// Keeps what it has looked up (up to a bound), for traces name the same addresses again and again.
public struct SymbolTable: Sendable {
    /// The build id of the file the symbols are from; nil when it has none or is no guest image.
    public let buildID: [UInt8]?

    private static let maximumKeptFrameCount = 1 << 16

    private let symbols: ELFSymbols
    private var kept: [FrameKey: SymbolizedFrame] = [:]

    private struct FrameKey: Hashable {
        var address: UInt64
        var isReturnAddress: Bool
    }

    /// Reads the functions and the build id of an ELF file. A stripped file gives an empty table.
    public init(parsingELF bytes: [UInt8]) throws(ELFError) {
        symbols = try ELFSymbols(parsing: bytes)
        buildID = (try? ELFImage(parsing: bytes))?.buildID
    }

    /// The number of functions.
    public var count: Int { symbols.count }

    /// The frame at `address`.
    ///
    /// A return address may lie behind the last byte of a function that ends in a call, so it is looked up one byte
    /// earlier; the offset shown is that of the address itself.
    public mutating func frame(at address: UInt64, isReturnAddress: Bool) -> SymbolizedFrame {
        let key = FrameKey(address: address, isReturnAddress: isReturnAddress)
        if let known = kept[key] { return known }
        let distance: UInt64 = isReturnAddress && address > 0 ? 1 : 0
        let frame =
            if let found = symbols.lookup(address - distance) {
                SymbolizedFrame(
                    address: address,
                    function: Demangler.readable(found.symbol.name),
                    offset: found.offset + distance
                )
            } else {
                SymbolizedFrame(address: address, function: nil, offset: 0)
            }
        if kept.count < Self.maximumKeptFrameCount { kept[key] = frame }
        return frame
    }

    /// All frames of a stack, innermost first: the first is where the guest was, the others are return addresses.
    public mutating func frames(of stack: [UInt64]) -> [SymbolizedFrame] {
        var frames: [SymbolizedFrame] = []
        for address in stack { frames.append(frame(at: address, isReturnAddress: !frames.isEmpty)) }
        return frames
    }
}

/// One frame of a stack with the function it lies in.
public struct SymbolizedFrame: Hashable, Sendable {
    /// Guest code address.
    public var address: UInt64
    /// The function's demangled name; nil when no symbol covers the address.
    public var function: String?
    /// Bytes from the function's start to the address; 0 without a function.
    public var offset: UInt64

    /// Makes a frame from its parts.
    public init(address: UInt64, function: String?, offset: UInt64) {
        self.address = address
        self.function = function
        self.offset = offset
    }
}
