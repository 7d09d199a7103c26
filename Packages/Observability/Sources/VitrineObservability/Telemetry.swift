// SPDX-License-Identifier: MIT OR Apache-2.0

public import Synchronization

/// Where spans and events go: one subscriber for the process, and scoped ones for tests and libraries.
///
/// With nothing installed each call site costs one relaxed load and a branch.
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
    /// Its `maximumLevel` is asked for once, here. Safe while other threads emit: the old subscriber is released when
    /// the last of them has left it, which may be shortly after this returns.
    public static func install(_ subscriber: any Subscriber) {
        replace(with: Dispatch(subscriber))
    }

    /// Leaves the process without a subscriber; harmless if there was none.
    public static func uninstall() {
        replace(with: nil)
    }

    /// Whether a record of this level would be delivered from here.
    ///
    /// One relaxed load and a branch when nobody listens. With a scope of `withSubscriber` open somewhere it also looks
    /// at the task-local one, about 20 ns.
    @inlinable
    @inline(__always)
    public static func isEnabled(_ level: Level) -> Bool {
        // The subtraction makes `.off` the largest value, so that it is never enabled.
        level.rawValue &- 1 < ceiling.load(ordering: .relaxed) && isEnabledHere(level)
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

    private static func replace(with dispatch: Dispatch?) {
        audience.withLock { audience in
            audience.installed = dispatch?.maximumLevel ?? .off
            SubscriberSlot.replace(with: dispatch)
            installedLevel.store(audience.installed.rawValue, ordering: .relaxed)
            ceiling.store(audience.ceiling, ordering: .relaxed)
        }
        SubscriberSlot.sweep()
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
    /// The installed subscriber's level.
    var installed = Level.off
    /// Open scopes by the raw value of their level.
    var scopes = [Int](repeating: 0, count: Level.allCases.count)

    /// The most verbose level anyone wants.
    var ceiling: UInt8 {
        max(installed.rawValue, UInt8(scopes.lastIndex { $0 > 0 } ?? 0))
    }
}
