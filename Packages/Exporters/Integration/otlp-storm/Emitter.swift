// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import Synchronization
import VitrineObservability

/// Threads that make spans at a steady rate, and note what each cost its caller.
final class Emitter: Sendable {
    /// What is being measured.
    enum Phase: Int, Sendable, CaseIterable {
        case warmUp, down, resuming, up
    }

    struct Emitted: Sendable {
        var spanCount = 0
        var logRecordCount = 0
        var latencies = [LatencyCounts](repeating: LatencyCounts(), count: Phase.allCases.count)
        /// How many spans were late because the machine did not keep up.
        var lateCount = 0
    }

    private static let threadCount = 2
    private let ratePerThread: Double
    private let phase = Atomic<Int>(Phase.warmUp.rawValue)
    private let isOver = Atomic<Bool>(false)
    private let total = Mutex(Emitted())
    private let running = Atomic<Int>(Emitter.threadCount)

    init(spansPerSecond: Int) { ratePerThread = Double(spansPerSecond) / Double(Self.threadCount) }

    func start() {
        for number in 0..<Self.threadCount {
            let thread = Thread { self.emit(number) }
            thread.start()
        }
    }

    func enter(_ next: Phase) { phase.store(next.rawValue, ordering: .releasing) }

    /// Ends all threads, and gives what they did.
    func stop() -> Emitted {
        isOver.store(true, ordering: .releasing)
        while running.load(ordering: .acquiring) > 0 { usleep(1_000) }
        return total.withLock { $0 }
    }

    private func emit(_ number: Int) {
        var emitted = Emitted()
        let start = MonotonicInstant.now.nanoseconds
        while !isOver.load(ordering: .acquiring) {
            let seconds = Double(MonotonicInstant.now.nanoseconds - start) / 1_000_000_000
            let wanted = Int(seconds * ratePerThread)
            if wanted <= emitted.spanCount {
                usleep(500)
                continue
            }
            if Double(wanted - emitted.spanCount) > ratePerThread / 10 { emitted.lateCount += 1 }
            let phase = phase.load(ordering: .acquiring)
            while emitted.spanCount < wanted {
                let before = MonotonicInstant.now.nanoseconds
                Self.emitSpan(number, emitted.spanCount)
                emitted.latencies[phase].add(nanoseconds: MonotonicInstant.now.nanoseconds - before)
                emitted.spanCount += 1
                if emitted.spanCount % 100 == 0 {
                    event("outside of a span", [Field("number", emitted.spanCount)])
                    emitted.logRecordCount += 1
                }
            }
        }
        total.withLock { total in
            total.spanCount += emitted.spanCount
            total.logRecordCount += emitted.logRecordCount
            total.lateCount += emitted.lateCount
            for index in total.latencies.indices { total.latencies[index].add(emitted.latencies[index]) }
        }
        running.wrappingSubtract(1, ordering: .acquiringAndReleasing)
    }

    private static func emitSpan(_ thread: Int, _ number: Int) {
        withSpan("request", [Field("thread", thread), Field("number", number), Field("path", "/breakfast")]) { _ in
            if number % 10 == 0 { event("half way", [Field("number", number)]) }
        }
    }
}
