// SPDX-License-Identifier: MIT OR Apache-2.0

/// The storage of ended spans, kept by each thread for its next ones, so that a span in a running program allocates nothing.
@safe
struct IdleSpans: ~Copyable {
    /// How many a thread keeps.
    static let capacity = 16

    private var first: UnsafeMutablePointer<SpanState>?
    private var count = 0

    /// None.
    // SAFETY: an empty list.
    init() { unsafe first = nil }

    /// Takes the last one that was put; nil if there is none.
    @inline(__always)
    mutating func take() -> UnsafeMutablePointer<SpanState>? {
        // SAFETY: what is in the list is initialized storage that nobody else holds.
        guard let state = unsafe first else { return nil }
        unsafe first = unsafe UnsafeMutablePointer(bitPattern: state.pointee.nextIdle)
        count -= 1
        return unsafe state
    }

    /// Keeps the storage of a span that has ended; false if there is enough of it.
    @inline(__always)
    mutating func put(_ state: UnsafeMutablePointer<SpanState>) -> Bool {
        guard count < Self.capacity else { return false }
        // SAFETY: the caller gives the storage away.
        unsafe state.pointee.nextIdle = UInt(bitPattern: first)
        unsafe first = unsafe state
        count += 1
        return true
    }

    /// Releases all of it, when the thread ends.
    mutating func removeAll() {
        // SAFETY: as in `take`.
        while let state = unsafe take() {
            // SAFETY: taken out just now, so that this is its only holder.
            unsafe state.deinitialize(count: 1)
            unsafe state.deallocate()
        }
    }
}
