// SPDX-License-Identifier: MIT OR Apache-2.0

public import CVitrineThread
public import Synchronization

/// Where the numbers of a series begin in the cells of every thread.
@usableFromInline
struct CellAddress: Sendable, Hashable {
    /// The chunk, as a place in the thread's directory.
    @usableFromInline let chunk: UInt32
    /// The first cell in the chunk; the others follow it there.
    @usableFromInline let cell: UInt32

    @usableFromInline
    init(chunk: UInt32, cell: UInt32) {
        self.chunk = chunk
        self.cell = cell
    }

    /// The first cell of all, which nobody ever gets: an instrument that has no cells.
    @inlinable static var none: CellAddress { CellAddress(chunk: 0, cell: 0) }

    /// Whether there are cells.
    @inlinable
    @inline(__always)
    var isSome: Bool { chunk | cell != 0 }
}

/// The numbers that the calling thread has added to.
///
/// Each thread has cells of its own for every series it touches, so an addition is a load, an add and a store: no locked
/// instruction, no line of memory that moves between processors. Whoever wants a total adds up all threads (`CellPool`).
/// The cells are atomic only so that he may read them meanwhile.
@usableFromInline
enum ThreadCells {
    /// A number of one thread: an integer, or the bits of a Double.
    @usableFromInline typealias Cell = Atomic<UInt64>
    /// The cells of one thread with one chunk number.
    @usableFromInline typealias Chunk = UnsafeMutablePointer<Cell>
    /// The chunks of one thread by number; nil where it has touched no series of the chunk.
    @usableFromInline typealias Directory = UnsafeMutablePointer<Chunk?>

    /// Cells in a chunk: 8 KiB.
    static let chunkCellCount = 1_024
    /// Chunks in a directory: 16 KiB, and 2,097,152 cells for all series of the process.
    static let maximumChunkCount = 2_048

    /// The calling thread's cells at an address, which a lease of theirs keeps. Valid until the thread ends.
    @inlinable
    @inline(__always)
    static func cells(at address: CellAddress) -> Chunk {
        // SAFETY: the slot holds the thread's directory or null, and a lease's chunk number lies in the directory. Both the
        // slot and the directory's entries are written by this thread alone.
        if let slot = unsafe vitrine_thread_metrics(),
            let chunk = unsafe slot.assumingMemoryBound(to: Optional<Chunk>.self)[Int(address.chunk)]
        {
            return unsafe chunk + Int(address.cell)
        }
        return unsafe CellPool.shared.newCells(at: address)
    }

    /// Adds to the cell at an address, wrapping around.
    @inlinable
    @inline(__always)
    static func add(_ amount: UInt64, at address: CellAddress) {
        // SAFETY: see `cells`.
        unsafe add(amount, to: cells(at: address))
    }

    /// Adds to one of the calling thread's cells, wrapping around.
    @inlinable
    @inline(__always)
    static func add(_ amount: UInt64, to cell: Chunk) {
        // SAFETY: a cell of the calling thread, which alone writes to it while a lease keeps it.
        unsafe cell.pointee.store(cell.pointee.load(ordering: .relaxed) &+ amount, ordering: .relaxed)
    }

    /// Adds to one of the calling thread's cells that hold a Double.
    @inlinable
    @inline(__always)
    static func addDouble(_ amount: Double, to cell: Chunk) {
        // SAFETY: as above.
        let sum = unsafe Double(bitPattern: cell.pointee.load(ordering: .relaxed)) + amount
        unsafe cell.pointee.store(sum.bitPattern, ordering: .relaxed)
    }
}
