// SPDX-License-Identifier: MIT OR Apache-2.0

/// The host functions of a sandbox by name. Made once; a look-up compares bytes and allocates nothing.
struct HostFunctionTable: Sendable {
    /// One slot of the table: where the chain of functions of this hash begins, or -1.
    private var buckets: [Int32] = [-1]
    private var functions: [HostFunction] = []
    private var hashes: [UInt64] = []
    /// Their names' bytes: a string would have to be asked for them at each look-up.
    private var names: [[UInt8]] = []
    /// The next function of the same bucket, or -1.
    private var next: [Int32] = []

    /// A table of functions with different names.
    init(_ functions: [HostFunction]) {
        var bucketCount = 1
        while bucketCount < 2 * functions.count { bucketCount *= 2 }
        buckets = [Int32](repeating: -1, count: bucketCount)
        for (index, function) in functions.enumerated() {
            let hash = Self.hash(function.name.utf8.span)
            let bucket = Int(hash & UInt64(bucketCount - 1))
            next.append(buckets[bucket])
            buckets[bucket] = Int32(index)
            hashes.append(hash)
            names.append([UInt8](function.name.utf8))
        }
        self.functions = functions
    }

    /// The function whose name is these bytes.
    func function(named name: Span<UInt8>) -> HostFunction? {
        let hash = Self.hash(name)
        var index = Int(buckets[Int(hash & UInt64(buckets.count - 1))])
        while index >= 0 {
            if hashes[index] == hash, Self.equal(names[index], name) { return functions[index] }
            index = Int(next[index])
        }
        return nil
    }

    private static func equal(_ left: [UInt8], _ right: Span<UInt8>) -> Bool {
        guard left.count == right.count else { return false }
        for index in left.indices where left[index] != right[index] { return false }
        return true
    }

    /// FNV-1a, 64 bits (Fowler, Noll, Vo). The names are the host's, so no guest can make the chains long.
    private static func hash(_ name: Span<UInt8>) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for index in name.indices { hash = (hash ^ UInt64(name[index])) &* 0x100_0000_01B3 }
        return hash
    }
}
