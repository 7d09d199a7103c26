// SPDX-License-Identifier: MIT OR Apache-2.0

internal import Glibc

/// A line for each thread that writes any, used by all writers in turn, so that making one takes neither lock nor memory.
enum ThreadLines {
    private typealias Place = UnsafeMutablePointer<LineBuffer?>

    // SAFETY: the key is a local of its type; the destructor gets what `place` has set, once, at the end of the thread.
    private static let key: pthread_key_t? = {
        var key = pthread_key_t()
        let result = unsafe pthread_key_create(&key) { place in
            guard let place = unsafe place?.assumingMemoryBound(to: LineBuffer?.self) else { return }
            unsafe place.deinitialize(count: 1)
            unsafe place.deallocate()
        }
        return result == 0 ? key : nil
    }()

    /// The thread's line, empty and of so many bytes at most; another one if a writer calls a writer.
    @inline(__always)
    static func take(byteCount: Int) -> LineBuffer {
        // SAFETY: the place is the calling thread's own, and no access is held.
        let place = unsafe place
        var line = unsafe place?.pointee.take() ?? LineBuffer()
        line.home = UInt(bitPattern: place)
        line.begin(byteCount: byteCount)
        return line
    }

    /// Keeps a line for the thread's next: the thread that has taken it, for a line is sent to no other.
    @inline(__always)
    static func giveBack(_ line: consuming LineBuffer) {
        guard !line.isLarge else { return }
        // SAFETY: as above; the place lives as long as the thread.
        if let place = unsafe Place(bitPattern: line.home) { unsafe place.pointee = consume line }
    }

    /// Where the calling thread keeps its line; nil without a key (a process has 1,024).
    private static var place: Place? {
        @inline(__always) get {
            guard let key else { return nil }
            // SAFETY: null, or what `make` put there for this thread, which lives until the thread's end.
            if let known = unsafe pthread_getspecific(key) {
                return unsafe known.assumingMemoryBound(to: LineBuffer?.self)
            }
            return unsafe make(key)
        }
    }

    @inline(never)
    private static func make(_ key: pthread_key_t) -> Place? {
        // SAFETY: allocated and initialized here, released by the key's destructor, or here if there will be none.
        let place = Place.allocate(capacity: 1)
        unsafe place.initialize(to: nil)
        if unsafe pthread_setspecific(key, place) == 0 { return unsafe place }
        unsafe place.deinitialize(count: 1)
        unsafe place.deallocate()
        return nil
    }
}
