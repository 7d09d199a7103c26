// SPDX-License-Identifier: MIT OR Apache-2.0

import Synchronization

/// The chunks of one thread, or the sums that ended threads have left, as the pool sees them: under its lock.
@safe
struct CellDirectory: Equatable {
    /// What a thread keeps in its slot.
    let start: ThreadCells.Directory

    /// A directory without chunks.
    init() {
        // SAFETY: memory of its own, all of it initialized, released in `free`.
        unsafe start = .allocate(capacity: ThreadCells.maximumChunkCount)
        unsafe start.initialize(repeating: nil, count: ThreadCells.maximumChunkCount)
    }

    /// The directory in a thread's slot.
    init(_ slot: UnsafeMutableRawPointer) {
        // SAFETY: nothing else is put into that slot.
        unsafe start = slot.assumingMemoryBound(to: Optional<ThreadCells.Chunk>.self)
    }

    static func == (left: CellDirectory, right: CellDirectory) -> Bool {
        // SAFETY: only the addresses are compared.
        unsafe left.start == right.start
    }

    /// The chunk of a number, a new one of zeros if there is none.
    func chunk(_ number: Int) -> ThreadCells.Chunk {
        // SAFETY: the allocator gives no number beyond the directory. Whole pairs of cache lines, so that no two threads
        // write to one.
        if let chunk = unsafe start[number] { return unsafe chunk }
        let byteCount = ThreadCells.chunkCellCount * MemoryLayout<ThreadCells.Cell>.stride
        let memory = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: 128)
        let chunk = unsafe memory.bindMemory(to: ThreadCells.Cell.self, capacity: ThreadCells.chunkCellCount)
        for cell in 0..<ThreadCells.chunkCellCount {
            unsafe (chunk + cell).initialize(to: ThreadCells.Cell(0))
        }
        unsafe start[number] = unsafe chunk
        return unsafe chunk
    }

    /// Whether the thread has touched a series of a chunk.
    func hasChunk(_ number: Int) -> Bool {
        // SAFETY: as above.
        unsafe start[number] != nil
    }

    /// A number; 0 where the thread has no chunk. `cell` is in a chunk that was handed out.
    @inline(__always)
    func load(_ chunk: UInt32, _ cell: Int) -> UInt64 {
        // SAFETY: as above; the pool's lock keeps the chunk.
        guard let cells = unsafe start[Int(chunk)] else { return 0 }
        return unsafe cells[cell].load(ordering: .relaxed)
    }

    /// Makes numbers zero, to which no thread may be adding.
    func clear(_ address: CellAddress, _ count: Int) {
        // SAFETY: as above.
        guard let cells = unsafe start[Int(address.chunk)] else { return }
        for cell in Int(address.cell)..<Int(address.cell) + count {
            unsafe cells[cell].store(0, ordering: .relaxed)
        }
    }

    /// Releases the memory, which nobody may use any more.
    func free() {
        for number in 0..<ThreadCells.maximumChunkCount {
            // SAFETY: the memory of `init` and of `chunk`, once.
            if let chunk = unsafe start[number] {
                unsafe chunk.deinitialize(count: ThreadCells.chunkCellCount).deallocate()
            }
        }
        // SAFETY: as above.
        unsafe start.deinitialize(count: ThreadCells.maximumChunkCount).deallocate()
    }
}

/// The totals of cells over all threads; only to be used while the pool lends it.
struct CellTotals {
    let directories: [CellDirectory]

    /// The total of an integer cell, wrapped around.
    func integer(at address: CellAddress, _ offset: Int = 0) -> UInt64 {
        var sum: UInt64 = 0
        for directory in directories { sum &+= directory.load(address.chunk, Int(address.cell) + offset) }
        return sum
    }

    /// The total of a cell that holds a Double.
    func double(at address: CellAddress) -> Double {
        var sum = 0.0
        for directory in directories { sum += Double(bitPattern: directory.load(address.chunk, Int(address.cell))) }
        return sum
    }
}
