// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
import VitrineELF
import VitrineTraceFile

/// A guest's allocations by the function that asked for them; `trace_dump` shows whole stacks.
struct AllocationTable {
    /// What one function asked for.
    struct Row: Equatable {
        var function: String
        var count = 0
        var byteCount: UInt64 = 0
        /// Of these, not freed when the trace ended.
        var liveByteCount: UInt64 = 0
    }

    /// The largest first.
    let rows: [Row]

    /// Reads a trace and names its frames by the image's symbols.
    init(tracePath: String, imagePath: String) throws {
        let symbols = try ELFSymbols(parsing: try Self.bytes(of: imagePath))
        var rows: [String: Row] = [:]
        var live: [UInt64: (function: String, byteCount: UInt64)] = [:]
        for case .record(let record) in try TraceFileReader(parsing: try Self.bytes(of: tracePath)) {
            switch record {
            case .allocation(let allocation):
                let function = Self.function(of: allocation.stack.frames, symbols)
                var row = rows[function] ?? Row(function: function)
                row.count += 1
                row.byteCount &+= allocation.byteCount
                rows[function] = row
                live[allocation.address] = (function, allocation.byteCount)
            case .free(let free):
                live[free.address] = nil
            case .dropped: break
            }
        }
        for left in live.values { rows[left.function]?.liveByteCount &+= left.byteCount }
        self.rows = rows.values.sorted { ($1.byteCount, $0.function) < ($0.byteCount, $1.function) }
    }

    /// The table as text, cut after some rows.
    func rendered(rowCount: Int) -> String {
        var text = Self.line("allocations", "bytes", "live", "function")
        for row in rows.prefix(rowCount) {
            text += Self.line("\(row.count)", "\(row.byteCount)", "\(row.liveByteCount)", row.function)
        }
        if rows.count > rowCount { text += Self.line("", "", "", "… and \(rows.count - rowCount) more") }
        return text
    }

    private static func line(_ count: String, _ bytes: String, _ live: String, _ function: String) -> String {
        right(count, 13) + right(bytes, 12) + right(live, 12) + "   \(function)\n"
    }

    private static func right(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }

    /// The innermost function that is not an allocator's own. A return address belongs to the call before it.
    private static func function(of frames: [UInt64], _ symbols: ELFSymbols) -> String {
        var fallback = "?"
        for (index, frame) in frames.enumerated() where frame > 0 {
            guard let found = symbols.lookup(index == 0 ? frame : frame - 1) else { continue }
            fallback = FunctionName.readable(found.symbol.name)
            if !FunctionName.isAllocator(found.symbol.name) { return fallback }
        }
        return fallback
    }

    private static func bytes(of path: String) throws -> [UInt8] {
        struct Unreadable: Error, CustomStringConvertible {
            let description: String
        }
        // SAFETY: path and mode are lent as C strings; the stream is closed below.
        guard let file = unsafe fopen(path, "rb") else { throw Unreadable(description: "\(path): errno \(errno)") }
        defer { unsafe fclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            // SAFETY: at most the chunk's size is written.
            let count = unsafe chunk.withUnsafeMutableBytes { unsafe fread($0.baseAddress, 1, $0.count, file) }
            guard count > 0 else { return bytes }
            bytes += chunk[..<count]
        }
    }
}
