// SPDX-License-Identifier: MIT OR Apache-2.0

/// A function's name as a person would say it.
enum FunctionName {
    /// Of a symbol: `simpleguest.nest` for a mangled Swift name, `leak` for a guest function in C.
    static func readable(_ symbol: String) -> String {
        if symbol.hasPrefix("vitrine_body_") { return String(symbol.dropFirst("vitrine_body_".count)) }
        guard symbol.hasPrefix("$"), let name = demangled(symbol) else { return symbol }
        return shortened(name)
    }

    /// Whether the symbol is of the allocator or of the code below it, which asks for others.
    static func isAllocator(_ symbol: String) -> Bool {
        let names: Set = [
            "malloc", "calloc", "realloc", "free", "posix_memalign", "aligned_alloc", "trace_allocate", "trace_free",
            "vitrine_allocate", "vitrine_reallocate", "vitrine_free",
        ]
        // `swift_…` is the runtime, `$es` and `$eS` are the standard library of Embedded Swift.
        return names.contains(symbol) || ["swift_", "$es", "$eS"].contains { symbol.hasPrefix($0) }
    }

    /// Without the compiler's frills (closures, specializations, private marks) and without parameters.
    static func shortened(_ name: String) -> String {
        var name = name[...]
        if let range = name.lastRange(of: "> of ") { name = name[range.upperBound...] }
        if name.contains("closure #"), let range = name.lastRange(of: " in ", unlessBefore: "_") {
            name = name[range.upperBound...]
        }
        while let mark = name.firstRange(of: " in _"), let open = name[..<mark.lowerBound].lastIndex(of: "("),
            let close = name[mark.upperBound...].firstIndex(of: ")")
        {
            name = name[..<open] + name[name.index(after: open)..<mark.lowerBound] + name[name.index(after: close)...]
        }
        return String(name.prefix { $0 != "(" && $0 != "<" })
    }

    private static func demangled(_ symbol: String) -> String? {
        // SAFETY: the name is lent for the call; the result is a C string of malloc, copied here. It is not freed: the
        // demo ends soon.
        let text = unsafe symbol.withCString { name in
            unsafe swiftDemangle(name, UInt(symbol.utf8.count), nil, nil, 0)
        }
        return unsafe text.map { unsafe String(cString: $0) }
    }
}

extension Substring {
    /// Where the last occurrence of a text is, of those that a character does not follow.
    fileprivate func lastRange(of text: String, unlessBefore character: Character? = nil) -> Range<Index>? {
        ranges(of: text).last { $0.upperBound == endIndex || self[$0.upperBound] != character }
    }
}

/// `swift_demangle` of the Swift runtime (include/swift/Demangling/Demangle.h).
@_silgen_name("swift_demangle")
private func swiftDemangle(
    _ name: UnsafePointer<CChar>?, _ byteCount: UInt, _ output: UnsafeMutablePointer<CChar>?,
    _ outputByteCount: UnsafeMutablePointer<UInt>?, _ flags: UInt32
) -> UnsafeMutablePointer<CChar>?
