// SPDX-License-Identifier: MIT OR Apache-2.0

import Synchronization

/// Where the current span is looked up, if not in `SpanContext.current` alone.
///
/// For programs whose spans are also made by another library, which keeps its current span in a place of its own.
enum CurrentSpanSource {
    private final class Box: Sendable {
        let find: @Sendable () -> SpanContext?

        init(_ find: @escaping @Sendable () -> SpanContext?) {
            self.find = find
        }
    }

    /// The address of the installed box; 0 for none. Boxes live for ever, for a thread may be inside one.
    private static let installed = Atomic<UInt>(0)
    private static let boxes = Mutex<[Box]>([])

    static func install(_ find: (@Sendable () -> SpanContext?)?) {
        guard let find else { return installed.store(0, ordering: .releasing) }
        let box = Box(find)
        boxes.withLock { $0.append(box) }
        // SAFETY: the list keeps the box for ever.
        installed.store(unsafe UInt(bitPattern: Unmanaged.passUnretained(box).toOpaque()), ordering: .releasing)
    }

    /// The span that the caller works in. One relaxed load more than `SpanContext.current` while nothing is installed.
    static var current: SpanContext? {
        @inline(__always) get {
            let address = installed.load(ordering: .acquiring)
            return address == 0 ? SpanContext.current : ask(address)
        }
    }

    @inline(never)
    private static func ask(_ address: UInt) -> SpanContext? {
        // SAFETY: only addresses of boxes that live for ever are installed.
        guard let pointer = unsafe UnsafeRawPointer(bitPattern: address) else { return nil }
        return unsafe Unmanaged<Box>.fromOpaque(pointer)._withUnsafeGuaranteedRef { $0.find() }
    }
}

extension Telemetry {
    /// The span that the caller works in: `SpanContext.current`, or what `installCurrentSpan` finds.
    public static var currentSpan: SpanContext? { CurrentSpanSource.current }

    /// Says where the current span is to be looked up: what new spans are children of and events lie in. nil, as at first,
    /// is `SpanContext.current`.
    ///
    /// `find` is called for every span and event that somebody listens to, and for what is counted in a registry that keeps
    /// exemplars, on its thread; it returns the innermost span
    /// around, of ours or of the other library, and must not make any. Install it once: what was installed is kept for
    /// the life of the process.
    public static func installCurrentSpan(_ find: (@Sendable () -> SpanContext?)?) {
        CurrentSpanSource.install(find)
    }
}
