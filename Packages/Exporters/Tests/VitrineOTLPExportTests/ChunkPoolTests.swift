// SPDX-License-Identifier: MIT OR Apache-2.0

import Synchronization
import Testing

@testable import VitrineOTLPExport

@Suite("Chunk pool")
struct ChunkPoolTests {
    @Test("gives each chunk once, says when there is none, and gives it again when it is back")
    func once() {
        let pool = ChunkPool(byteCount: 5 * ChunkPool.chunkByteCount - 1)
        #expect(pool.chunkCount == 5)
        let chunks = (0..<5).compactMap { _ in pool.take() }
        #expect(Set(chunks).count == 5)
        #expect(pool.take() == nil)
        pool.giveBack(chunks[3] + 100)
        #expect(pool.take() == chunks[3])
        #expect(pool.take() == nil)
    }

    @Test("gives no chunk to two threads at once")
    func threads() {
        let pool = ChunkPool(byteCount: 6 * ChunkPool.chunkByteCount)
        let taken = Mutex<Set<UInt>>([])
        let collisionCount = Atomic<Int>(0)
        TestThreads.run(4) { _ in
            for _ in 0..<5_000 {
                let chunks = (0..<2).compactMap { _ in pool.take() }
                taken.withLock { taken in
                    for chunk in chunks where !taken.insert(chunk).inserted {
                        collisionCount.wrappingAdd(1, ordering: .relaxed)
                    }
                }
                taken.withLock { $0.subtract(chunks) }
                for chunk in chunks { pool.giveBack(chunk) }
            }
        }
        #expect(collisionCount.load(ordering: .relaxed) == 0)
        #expect((0..<7).compactMap { _ in pool.take() }.count == 6)
    }
}
