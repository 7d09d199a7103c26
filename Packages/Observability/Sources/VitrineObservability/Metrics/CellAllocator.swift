// SPDX-License-Identifier: MIT OR Apache-2.0

/// Which cells are taken: a number of cells in a row, all in one chunk, for each series.
///
/// Given back, they go to the next series of as many cells: programs have few sizes (one for a counter, some for a
/// histogram), so nothing is searched and nothing is split.
struct CellAllocator {
    private let chunkCellCount: Int
    private let maximumChunkCount: Int
    /// Chunks that have been begun.
    private(set) var chunkCount = 1
    /// What is left at the ends of chunks, never empty. The very first cell is nobody's.
    private var tails: [(chunk: Int, cells: Range<Int>)]
    /// What was given back, by the number of cells.
    private var released: [Int: [CellAddress]] = [:]

    init(
        chunkCellCount: Int = ThreadCells.chunkCellCount,
        maximumChunkCount: Int = ThreadCells.maximumChunkCount
    ) {
        self.chunkCellCount = chunkCellCount
        self.maximumChunkCount = maximumChunkCount
        tails = [(0, 1..<chunkCellCount)]
    }

    /// Cells in a row, or nil if no more will fit in a directory. A chunk is the most that one can ask for.
    mutating func allocate(_ count: Int) -> CellAddress? {
        guard 1...chunkCellCount ~= count else { return nil }
        if let address = released[count]?.popLast() { return address }
        if let index = tails.firstIndex(where: { $0.cells.count >= count }) {
            let (chunk, cells) = tails[index]
            let rest = cells.dropFirst(count)
            if rest.isEmpty { tails.remove(at: index) } else { tails[index].cells = rest }
            return CellAddress(chunk: UInt32(chunk), cell: UInt32(cells.lowerBound))
        }
        guard chunkCount < maximumChunkCount else { return nil }
        if count < chunkCellCount { tails.append((chunkCount, count..<chunkCellCount)) }
        chunkCount += 1
        return CellAddress(chunk: UInt32(chunkCount - 1), cell: 0)
    }

    /// Takes back what `allocate` gave for this count.
    mutating func release(_ address: CellAddress, _ count: Int) {
        released[count, default: []].append(address)
    }
}
