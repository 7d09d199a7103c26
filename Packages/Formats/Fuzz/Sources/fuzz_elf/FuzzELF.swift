// SPDX-License-Identifier: MIT OR Apache-2.0

import VitrineELF

/// The fuzzer's entry: any file gives an image that keeps its promises, or an error.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzELF(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    // SAFETY: the fuzzer lends `count` bytes for the time of the call; they are copied.
    let bytes = unsafe [UInt8](UnsafeBufferPointer(start: start, count: count))
    if let image = try? ELFImage(parsing: bytes) {
        precondition(image.segments.contains { $0.addresses.contains(image.entry) })
        var loaded = 0
        image.load { address, contents in
            precondition(image.extent.contains(address))
            loaded += contents.byteCount
        }
        precondition(loaded <= image.segments.reduce(0) { $0 + $1.byteCount })
        image.relocate { address, value in
            precondition(
                image.segments.contains { $0.addresses.contains(address) && $0.addresses.contains(address + 7) })
            precondition(image.extent.contains(value) || value == image.extent.upperBound)
        }
    }
    if let symbols = try? ELFSymbols(parsing: bytes) {
        for symbol in symbols.prefix(16) {
            precondition(symbol.name.utf8.count <= 3 * ELFSymbols.Limit.nameBytes)
            if let found = symbols.lookup(symbol.address) {
                precondition(found.offset == 0 && found.symbol.address == symbol.address)
            }
        }
    }
    return 0
}
