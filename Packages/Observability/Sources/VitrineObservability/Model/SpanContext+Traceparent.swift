// SPDX-License-Identifier: MIT OR Apache-2.0

extension SpanContext {
    /// The `traceparent` header of W3C trace context, version 00: `00-<trace id>-<span id>-<flags>`, 55 characters.
    ///
    /// https://www.w3.org/TR/trace-context/#traceparent-header
    public var traceparent: String {
        let digits = String(flags.rawValue, radix: 16)
        return "00-\(traceID)-\(spanID)-\(digits.utf8.count == 1 ? "0" : "")\(digits)"
    }

    /// Reads a `traceparent` header; nil for what the recommendation calls invalid.
    ///
    /// A version above 00 is read as 00 and may carry more behind a further dash; version ff is forbidden, and so are
    /// upper-case digits and identifiers of zeros.
    public init?(traceparent: some StringProtocol) {
        let parts = traceparent.split(separator: "-", maxSplits: 4, omittingEmptySubsequences: false)
        guard parts.count >= 4, let version = Hexadecimal.byte(parts[0].utf8), version != 0xFF,
            version > 0 || parts.count == 4,
            let traceID = TraceID(String(parts[1])), let spanID = SpanID(String(parts[2])),
            let flags = Hexadecimal.byte(parts[3].utf8)
        else { return nil }
        self.init(traceID: traceID, spanID: spanID, flags: TraceFlags(rawValue: flags))
    }
}
