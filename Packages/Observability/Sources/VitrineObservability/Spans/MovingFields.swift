// SPDX-License-Identifier: MIT OR Apache-2.0

/// The fields of one record on their way from the call's stack to the core, which takes them over: moved, not copied.
@safe @frozen
@usableFromInline
struct MovingFields {
    @usableFromInline
    let first: UnsafeMutablePointer<Field>
    @usableFromInline
    let count: Int

    @inlinable
    @inline(__always)
    init(_ first: UnsafeMutablePointer<Field>, _ count: Int) {
        // SAFETY: the one caller is `lend`.
        unsafe self.first = unsafe first
        self.count = count
    }

    /// Lays fields on the stack for `body`, which has to move them out or release them.
    @inlinable
    @inline(__always)
    static func lend<let fieldCount: Int, R>(
        _ fields: () -> InlineArray<fieldCount, Field>, to body: (MovingFields) -> R
    ) -> R {
        // SAFETY: as below.
        unsafe withUnsafeTemporaryAllocation(
            byteCount: max(1, MemoryLayout<InlineArray<fieldCount, Field>>.size),
            alignment: MemoryLayout<Field>.alignment
        ) { memory in
            // SAFETY: the memory is as large as the inline array, which is its elements in a row (SE-0453); they are
            // initialized here and no more touched afterwards. Memory of at least a byte has an address.
            let place = unsafe memory.baseAddress.unsafelyUnwrapped
            unsafe place.initializeMemory(as: InlineArray<fieldCount, Field>.self, to: fields())
            return body(unsafe MovingFields(place.assumingMemoryBound(to: Field.self), fieldCount))
        }
    }

    // SAFETY, of all below: `lend` has initialized `count` fields, and lives until its body returns.

    /// What they are.
    var span: Swift.Span<Field> {
        @_lifetime(borrow self)
        @inline(__always)
        get { unsafe _overrideLifetime(Swift.Span(_unsafeStart: first, count: count), borrowing: self) }
    }

    /// Gives them up.
    @inline(__always)
    func release() {
        for index in 0..<count { _ = unsafe (first + index).move() }
    }
}
