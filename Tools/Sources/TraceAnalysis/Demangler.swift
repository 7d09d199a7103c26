// SPDX-License-Identifier: MIT OR Apache-2.0

import CSwiftDemangle
import Glibc

/// Turns symbol names of a guest into names for people.
enum Demangler {
    /// Longer names are shown cut: a symbol table is untrusted and a name has no natural bound.
    private static let maximumByteCount = 1024

    /// `name` demangled if it is a Swift name, else as it is; control characters are replaced, overlong names cut.
    static func readable(_ name: String) -> String {
        printable(demangled(name) ?? name)
    }

    private static func demangled(_ name: String) -> String? {
        guard name.hasPrefix("$s") || name.hasPrefix("$e") || name.hasPrefix("_$") else { return nil }
        guard name.utf8.count <= maximumByteCount else { return nil }
        // SAFETY: the string's bytes live through the call; the result is null or a C string that is ours to free.
        guard let result = unsafe swift_demangle(name, name.utf8.count, nil, nil, 0) else { return nil }
        defer { unsafe free(result) }
        return withoutSpecialization(unsafe String(cString: result))
    }

    /// The function itself: what the optimizer made of it ("generic specialization <…> of …") is left out.
    private static func withoutSpecialization(_ name: String) -> String {
        var rest = name[...]
        while true {
            if rest.hasPrefix("merged ") { rest = rest.dropFirst("merged ".count) }
            let isSpecialized =
                rest.hasPrefix("generic specialization <") || rest.hasPrefix("function signature specialization <")
            guard isSpecialized, let end = rest.firstRange(of: "> of ") else { return String(rest) }
            rest = rest[end.upperBound...]
        }
    }

    private static func printable(_ name: String) -> String {
        let isPlain = name.utf8.count <= maximumByteCount && name.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F }
        if isPlain { return name }
        var text = ""
        for scalar in name.unicodeScalars {
            if text.utf8.count >= maximumByteCount { return text + "…" }
            text.unicodeScalars.append(isPrintable(scalar) ? scalar : "\u{FFFD}")
        }
        return text
    }

    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned: false
        default: true
        }
    }
}
