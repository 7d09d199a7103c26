// SPDX-License-Identifier: MIT OR Apache-2.0

import NIOCore
import Synchronization

/// The connections of one endpoint, of which the one that has said nothing for longest gives way when all places are taken.
///
/// Otherwise whoever opens as many as there may be, and behaves, would keep the others out for as long as a connection may be
/// idle. One place is always kept free of those that only wait, so that who comes next is accepted at once.
final class OpenConnections: Sendable {
    /// What a connection is told that is to close, if it still waits.
    struct GiveWay: Sendable {}

    private struct State {
        var openCount = 0
        /// Those without a request under way, the one that waits longest first.
        var waiting: [any Channel] = []
        /// Those that were told to give way and have not closed yet.
        var leaving: Set<ObjectIdentifier> = []

        mutating func noLongerWaits(_ channel: any Channel) {
            waiting.removeAll { $0 === channel }
            leaving.remove(ObjectIdentifier(channel))
        }
    }

    private let maximumCount: Int
    private let state = Mutex(State())

    init(maximumCount: Int) {
        self.maximumCount = maximumCount
    }

    /// A connection was accepted, and waits for its first request.
    func opened(_ channel: any Channel) {
        makeRoom(sparing: channel) { state in
            state.openCount += 1
            state.waiting.append(channel)
        }
    }

    /// A request has begun.
    func began(_ channel: any Channel) {
        state.withLock { $0.noLongerWaits(channel) }
    }

    /// All requests are answered.
    func waits(_ channel: any Channel) {
        makeRoom(sparing: nil) { $0.waiting.append(channel) }
    }

    /// It is closed.
    func closed(_ channel: any Channel) {
        state.withLock { state in
            state.openCount -= 1
            state.noLongerWaits(channel)
        }
    }

    /// Who has just come is spared: it had no time to say anything.
    private func makeRoom(sparing newcomer: (any Channel)?, after change: (inout State) -> Void) {
        let leaving = state.withLock { state in
            change(&state)
            var leaving: [any Channel] = []
            while state.openCount - state.leaving.count >= maximumCount, let longest = state.waiting.first,
                longest !== newcomer
            {
                state.waiting.removeFirst()
                state.leaving.insert(ObjectIdentifier(longest))
                leaving.append(longest)
            }
            return leaving
        }
        for channel in leaving { channel.pipeline.fireUserInboundEventTriggered(GiveWay()) }
    }
}
