// SPDX-License-Identifier: MIT OR Apache-2.0

import CVitrineThread
import Glibc

/// The cells of all threads, and what threads that ended have left.
///
/// Everything here is under one lock: a thread comes here with its first addition to a chunk and with its end, a
/// series when it is made and when it goes, an exporter for its totals. No number is ever lost: a thread's cells move to
/// the sum of the ended ones under the lock, and a destructor that counts after that begins new cells.
@usableFromInline
final class CellPool: @unchecked Sendable {
    @usableFromInline
    static let shared = CellPool()

    private let lock = ForkLock()
    /// First what ended threads have left, then one directory for each thread.
    private var directories = [CellDirectory()]
    private var allocator = CellAllocator()
    /// One bit for each cell: whether it holds a Double.
    private var doubles: [UInt64] = []
    /// Whose destructor tells of a thread's end; without one, the cells of threads that end stay where they are.
    private let key: pthread_key_t?

    private init() {
        var key = pthread_key_t()
        // SAFETY: the key is a local of its type; the destructor gets the directory that `newCells` set.
        let result = unsafe pthread_key_create(&key) { slot in
            if let slot = unsafe slot { unsafe CellPool.shared.retire(slot) }
        }
        self.key = result == 0 ? key : nil
        // A child finds the lock open, by its only thread, which took it, and all cells whole. What threads that it lacks
        // have counted stays counted.
        pthread_atfork(
            { CellPool.shared.lock.lock() }, { CellPool.shared.lock.unlock() }, { CellPool.shared.lock.unlock() })
    }

    /// The slow way of `ThreadCells.cells`: makes the calling thread's directory and chunk where they lack.
    @usableFromInline
    @inline(never)
    func newCells(at address: CellAddress) -> ThreadCells.Chunk {
        lock.lock()
        defer { lock.unlock() }
        // SAFETY: the slot is null or holds what is put there here; it is released by `retire` alone, at the thread's end.
        if let slot = unsafe vitrine_thread_metrics() {
            return unsafe CellDirectory(slot).chunk(Int(address.chunk)) + Int(address.cell)
        }
        let directory = CellDirectory()
        directories.append(directory)
        unsafe vitrine_thread_set_metrics(directory.start)
        if let key { unsafe pthread_setspecific(key, directory.start) }
        return unsafe directory.chunk(Int(address.chunk)) + Int(address.cell)
    }

    /// Adds an ending thread's cells to what the ones before it have left.
    private func retire(_ slot: UnsafeMutableRawPointer) {
        lock.lock()
        defer { lock.unlock() }
        // SAFETY: the ending thread's directory, by its destructor on this very thread; nobody else frees it, and readers are
        // kept off by the lock.
        vitrine_thread_set_metrics(nil)
        let directory = unsafe CellDirectory(slot)
        directories.removeAll { $0 == directory }
        for chunk in 0..<allocator.chunkCount where directory.hasChunk(chunk) {
            for cell in 0..<ThreadCells.chunkCellCount {
                let amount = directory.load(UInt32(chunk), cell)
                guard amount != 0 else { continue }
                // SAFETY: one of the sum's cells, to which only the holder of the lock adds.
                let sum = unsafe directories[0].chunk(chunk) + cell
                if isDouble(chunk, cell) {
                    unsafe ThreadCells.addDouble(Double(bitPattern: amount), to: sum)
                } else {
                    unsafe ThreadCells.add(amount, to: sum)
                }
            }
        }
        directory.free()
    }

    /// Cells for a series, all zero; the first of them holds a Double if asked for. Nil if there are no more.
    func allocate(_ count: Int, startsWithDouble: Bool) -> CellAddress? {
        lock.lock()
        defer { lock.unlock() }
        guard let address = allocator.allocate(count) else { return nil }
        let (word, bit) = Self.place(Int(address.chunk), Int(address.cell))
        let missing = allocator.chunkCount * ThreadCells.chunkCellCount / UInt64.bitWidth - doubles.count
        if missing > 0 { doubles.append(contentsOf: repeatElement(0, count: missing)) }
        doubles[word] = startsWithDouble ? doubles[word] | bit : doubles[word] & ~bit
        return address
    }

    /// Takes cells back and makes them zero, for which nobody may have a handle to them any more.
    func release(_ address: CellAddress, _ count: Int) {
        lock.lock()
        defer { lock.unlock() }
        for directory in directories { directory.clear(address, count) }
        allocator.release(address, count)
    }

    /// Lends the totals of all cells. Threads that count meanwhile are caught before or after, cell by cell; threads that
    /// begin or end wait.
    func withTotals<R>(_ body: (CellTotals) -> R) -> R {
        lock.lock()
        defer { lock.unlock() }
        return body(CellTotals(directories: directories))
    }

    /// How many threads have cells.
    var threadCount: Int { withTotals { $0.directories.count - 1 } }

    private func isDouble(_ chunk: Int, _ cell: Int) -> Bool {
        let (word, bit) = Self.place(chunk, cell)
        return doubles[word] & bit != 0
    }

    private static func place(_ chunk: Int, _ cell: Int) -> (word: Int, bit: UInt64) {
        let number = chunk * ThreadCells.chunkCellCount + cell
        return (number / UInt64.bitWidth, 1 << UInt64(number % UInt64.bitWidth))
    }
}
