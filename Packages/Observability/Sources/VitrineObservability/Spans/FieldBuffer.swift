// SPDX-License-Identifier: MIT OR Apache-2.0

/// A growing list of fields that keeps its memory when it is emptied. An array would check for other owners each time.
@safe
struct FieldBuffer: ~Copyable {
    /// Memory for more fields than these is released when the list is emptied.
    static let keptCapacity = 32

    private var fields: UnsafeMutablePointer<Field>?
    private var capacity = 0
    private(set) var count = 0

    // SAFETY: no fields, no memory.
    init() { unsafe fields = nil }

    deinit {
        // SAFETY: `count` fields are initialized, in memory allocated by `grow`.
        guard let fields = unsafe fields else { return }
        unsafe fields.deinitialize(count: count)
        unsafe fields.deallocate()
    }

    /// What is in it.
    var span: Swift.Span<Field> {
        @_lifetime(borrow self)
        @inline(__always)
        borrowing get {
            // SAFETY: as above; the list cannot change while it is borrowed.
            let span = unsafe Swift.Span(_unsafeStart: fields ?? Self.nowhere, count: count)
            return unsafe _overrideLifetime(span, borrowing: self)
        }
    }

    /// An address to begin an empty span at.
    // SAFETY: aligned, not null, and never read.
    private static var nowhere: UnsafeMutablePointer<Field> {
        unsafe UnsafeMutablePointer(bitPattern: MemoryLayout<Field>.alignment).unsafelyUnwrapped
    }

    @inline(__always)
    mutating func append(_ field: consuming Field) {
        if count == capacity { grow(to: count + 1) }
        // SAFETY: `grow` has made room, and the place is not initialized.
        unsafe fields.unsafelyUnwrapped.advanced(by: count).initialize(to: field)
        count += 1
    }

    @inline(__always)
    mutating func append(_ more: Swift.Span<Field>) {
        if count + more.count > capacity { grow(to: count + more.count) }
        for index in more.indices {
            // SAFETY: as above.
            unsafe fields.unsafelyUnwrapped.advanced(by: count).initialize(to: more[unchecked: index])
            count += 1
        }
    }

    /// Makes room for fields that somebody puts at `firstAddress` of the empty list.
    @inline(__always)
    mutating func reserve(_ more: Int) {
        if more > capacity { grow(to: more) }
    }

    /// The address of the first field; 0 if there has never been room for one.
    // SAFETY: the address alone is taken.
    var firstAddress: UInt {
        @inline(__always) get { unsafe UInt(bitPattern: fields) }
    }

    /// Takes over fields that were initialized at `firstAddress` of the empty list, after `reserve`.
    @inline(__always)
    mutating func take(_ more: Int) { count = more }

    /// Empties the list.
    @inline(__always)
    mutating func removeAll() {
        // SAFETY: `count` fields are initialized.
        for index in 0..<count { _ = unsafe (fields.unsafelyUnwrapped + index).move() }
        count = 0
        if capacity > Self.keptCapacity { release() }
    }

    @inline(never)
    private mutating func release() {
        // SAFETY: the list is empty.
        unsafe fields?.deallocate()
        unsafe fields = nil
        capacity = 0
    }

    @inline(never)
    private mutating func grow(to minimum: Int) {
        let larger = max(4, minimum, 2 * capacity)
        // SAFETY: the fields move to the new memory, the old one is released without them.
        let new = UnsafeMutablePointer<Field>.allocate(capacity: larger)
        if let old = unsafe fields {
            unsafe new.moveInitialize(from: old, count: count)
            unsafe old.deallocate()
        }
        unsafe fields = unsafe new
        capacity = larger
    }
}
