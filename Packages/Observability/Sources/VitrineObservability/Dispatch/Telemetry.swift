// SPDX-License-Identifier: MIT OR Apache-2.0

public import Synchronization

/// Where spans and events go: one subscriber for the process, and scoped ones for tests and libraries.
///
/// Off is off in three steps. With nobody installed each call site costs one relaxed load and a branch. A level that
/// somebody wants costs a look at what the subscriber thinks of that call site, kept from when it was installed. Only
/// a subscriber that answered `.sometimes` is asked each time. What nobody wants is never evaluated.
public enum Telemetry {
    /// The most verbose level any subscriber wants, installed or in a scope anywhere; 0 when there is none.
    @usableFromInline
    static let ceiling = Atomic<UInt8>(0)

    /// How many scopes of `withSubscriber` are open in the process.
    static let scopeCount = Atomic<Int>(0)

    /// The level of the installed subscriber; 0 when there is none.
    static let installedLevel = Atomic<UInt8>(0)

    private static let audience = Mutex(Audience())

    /// Makes a subscriber the one of the process, in place of the one before.
    ///
    /// Safe while other threads emit: the old subscriber is released when the last of them has left it, which may be
    /// shortly after this returns.
    public static func install(_ subscriber: any Subscriber) {
        change { $0.subscriber = subscriber }
    }

    /// Leaves the process without a subscriber; harmless if there was none.
    public static func uninstall() {
        change { $0.subscriber = nil }
    }

    /// Gives the process a log for when there is no subscriber: spans and events then come out as its records.
    ///
    /// nil takes it away. With neither a subscriber nor a log, nothing comes out and nothing is evaluated.
    public static func installLog(_ log: (any LogReceiver)?) {
        change { $0.log = log }
    }

    /// Asks the installed subscriber anew what it wants. A subscriber whose wishes change calls this afterwards.
    public static func reconsider() {
        change { _ in }
    }

    /// Asks the installed subscriber to hand on what it holds back; returns when that is done.
    ///
    /// Call it before the program ends.
    public static func flush() {
        let thread = ThreadState.current
        // What a subscriber emits while it flushes is dropped, and it cannot ask to be flushed.
        guard !thread.isDelivering else { return }
        let listener = audience.withLock { $0.listener }
        thread.isDelivering = true
        defer { thread.isDelivering = false }
        listener?.flush()
    }

    /// Whether a record of this level could be delivered from here: true where some call sites of it may be wanted.
    ///
    /// One relaxed load and a branch when nobody listens. With a scope of `withSubscriber` open somewhere it also looks
    /// at the task-local one, about 20 ns.
    @inlinable
    @inline(__always)
    public static func isEnabled(_ level: Level) -> Bool {
        mayBeEnabled(level) && isEnabledHere(level)
    }

    /// The first step of off: whether anybody anywhere wants this level.
    @inlinable
    @inline(__always)
    static func mayBeEnabled(_ level: Level) -> Bool {
        // The subtraction makes `.off` the largest value, so that it is never enabled.
        level.rawValue &- 1 < ceiling.load(ordering: .relaxed)
    }

    @usableFromInline
    @inline(never)
    static func isEnabledHere(_ level: Level) -> Bool {
        level.rawValue &- 1 < levelHere
    }

    private static var levelHere: UInt8 {
        if scopeCount.load(ordering: .relaxed) != 0, let scoped = ScopedSubscriber.current {
            return scoped.maximumLevel.rawValue
        }
        return installedLevel.load(ordering: .relaxed)
    }

    /// Changes who listens. One change at a time; a subscriber that asks for one while it is asked what it wants is not
    /// heard.
    private static func change(_ body: (inout Audience) -> Void) {
        let thread = ThreadState.current
        guard !thread.isAsking else { return }
        let before = audience.withLock { audience in
            let before = (audience.subscriber, audience.log)
            body(&audience)
            thread.isAsking = true
            let wasDelivering = thread.isDelivering
            // What a subscriber emits while it is asked is dropped, as when it is called.
            thread.isDelivering = true
            defer {
                thread.isDelivering = wasDelivering
                thread.isAsking = false
            }
            let dispatch = audience.listener.map { Dispatch($0) }
            audience.installed = dispatch?.maximumLevel ?? .off
            SubscriberSlot.replace(with: dispatch)
            CallSiteTable.reconsider { dispatch?.interest(in: $0) ?? .never }
            installedLevel.store(audience.installed.rawValue, ordering: .relaxed)
            ceiling.store(audience.ceiling, ordering: .relaxed)
            return before
        }
        SubscriberSlot.sweep()
        // Released here at the earliest, for a deinit may do anything but wait for our own lock.
        withExtendedLifetime(before) {}
    }

    /// Counts a scope of a level in (+1) or out (-1).
    static func countScope(_ level: Level, by change: Int) {
        audience.withLock { audience in
            audience.scopes[Int(level.rawValue)] += change
            scopeCount.wrappingAdd(change, ordering: .relaxed)
            ceiling.store(audience.ceiling, ordering: .relaxed)
        }
    }
}

/// Who listens, by level.
private struct Audience {
    var subscriber: (any Subscriber)?
    var log: (any LogReceiver)?
    /// The level of who is installed.
    var installed = Level.off
    /// Open scopes by the raw value of their level.
    var scopes = [Int](repeating: 0, count: Level.allCases.count)

    /// Whom records go to.
    var listener: (any Subscriber)? { subscriber ?? log.map { LogFallback($0) } }

    /// The most verbose level anyone wants.
    var ceiling: UInt8 {
        max(installed.rawValue, UInt8(scopes.lastIndex { $0 > 0 } ?? 0))
    }
}
