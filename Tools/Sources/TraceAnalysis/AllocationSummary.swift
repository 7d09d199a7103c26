// SPDX-License-Identifier: MIT OR Apache-2.0

public import VitrineTraceFile

/// Allocations by the function that asked for them: how many, how many bytes, how many bytes still live at the end.
///
/// An allocation counts for the innermost function of its stack that is not part of the allocator, the Swift runtime, the
/// guest SDK or the standard library: the code its author can change. Memory grows with the number of live allocations.
public struct AllocationSummary: Sendable {
    /// What one function allocated.
    public struct Row: Hashable, Sendable {
        /// The function's name, or an address in hexadecimal, or "(no stack)".
        public var function: String
        /// Allocations.
        public var count: UInt64
        /// Bytes asked for, in all.
        public var byteCount: UInt64
        /// Bytes of allocations that were not freed.
        public var liveByteCount: UInt64
        /// Allocations that were not freed.
        public var liveCount: UInt64
    }

    /// Allocations in all.
    public private(set) var allocationCount: UInt64 = 0
    /// Frees in all.
    public private(set) var freeCount: UInt64 = 0
    /// Frees of addresses that no allocation of this trace has returned: memory from before it, or from a lost part.
    public private(set) var unmatchedFreeCount: UInt64 = 0
    /// Records that the file says are missing.
    public private(set) var droppedCount: UInt64 = 0
    /// Most bytes live at one time.
    public private(set) var peakLiveByteCount: UInt64 = 0

    private var symbols: SymbolTable
    private var rows: [String: Row] = [:]
    private var live: [UInt64: (function: String, byteCount: UInt64)] = [:]
    private var liveByteCount: UInt64 = 0
    private var functionOfStack: [[UInt64]: String] = [:]

    /// An empty summary by the functions of `symbols`.
    public init(symbols: SymbolTable) {
        self.symbols = symbols
    }

    /// Takes in one record.
    public mutating func add(_ record: TraceRecord) {
        switch record {
        case .allocation(let allocation):
            // An address that is live already was freed in a part that is missing.
            if let old = live.removeValue(forKey: allocation.address) { retire(old) }
            let function = responsibleFunction(allocation.stack)
            var row =
                rows[function] ?? Row(function: function, count: 0, byteCount: 0, liveByteCount: 0, liveCount: 0)
            row.count += 1
            row.byteCount &+= allocation.byteCount
            row.liveByteCount &+= allocation.byteCount
            row.liveCount += 1
            rows[function] = row
            live[allocation.address] = (function, allocation.byteCount)
            liveByteCount &+= allocation.byteCount
            peakLiveByteCount = max(peakLiveByteCount, liveByteCount)
            allocationCount += 1
        case .free(let free):
            freeCount += 1
            if let old = live.removeValue(forKey: free.address) {
                retire(old)
            } else {
                unmatchedFreeCount += 1
            }
        case .dropped(let count, _):
            droppedCount &+= count
        }
    }

    /// The rows: most live bytes first, then most bytes, then by name.
    public var sortedRows: [Row] {
        rows.values.sorted {
            ($1.liveByteCount, $1.byteCount, $0.function) < ($0.liveByteCount, $0.byteCount, $1.function)
        }
    }

    private mutating func retire(_ allocation: (function: String, byteCount: UInt64)) {
        rows[allocation.function]?.liveByteCount &-= allocation.byteCount
        rows[allocation.function]?.liveCount -= 1
        liveByteCount &-= allocation.byteCount
    }

    private mutating func responsibleFunction(_ stack: TraceStack) -> String {
        let addresses = stack.frames
        guard !addresses.isEmpty else { return stack == .lost ? "(lost stack)" : "(no stack)" }
        if let known = functionOfStack[addresses] { return known }
        let frames = symbols.frames(of: addresses)
        let frame = frames.first { $0.function.map(Self.isOwnCode) ?? true } ?? frames[0]
        let name = frame.function ?? "0x\(hexadecimal(frame.address))"
        functionOfStack[addresses] = name
        return name
    }

    /// Whether a function is the guest's own, not the allocator's, a runtime's, the guest SDK's or the standard library's.
    static func isOwnCode(_ function: String) -> Bool {
        if allocatorFunctions.contains(function) { return false }
        if runtimePrefixes.contains(where: { function.hasPrefix($0) }) { return false }
        // "generic specialization <…> of static Swift.Array…", "closure #1 … in Swift.…", "outlined copy of Swift.…".
        var subject = function.split(separator: " of ").last ?? ""
        if subject.hasPrefix("static ") { subject = subject.dropFirst("static ".count) }
        if subject.hasPrefix("(extension in Swift):") { return false }
        if subject.hasPrefix("closure #") { subject = subject.split(separator: " in ").last ?? "" }
        return !libraryModules.contains { subject.hasPrefix($0) }
    }

    private static let allocatorFunctions: Set<String> = [
        "malloc", "calloc", "realloc", "aligned_alloc", "posix_memalign", "memalign", "free", "strdup",
    ]
    private static let runtimePrefixes = ["swift_", "_swift_", "vitrine_"]
    private static let libraryModules = ["Swift.", "VitrineGuest."]
}
