// SPDX-License-Identifier: MIT OR Apache-2.0

/// Writes the identity map: four levels, 2 MiB entries where a whole one has equal rights, else 4 KiB ones.
///
/// Written once, before the first run, and never edited: a shadow MMU need not notice an edit. Accessed and dirty bits
/// are set from the start, which spares it a fault for each page.
struct PageTables {
    /// Pages of one purpose, with equal rights.
    struct Run: Equatable {
        let start: UInt64
        let end: UInt64
        let flags: UInt64
    }

    /// Entry bits (Intel SDM volume 3, tables 4-15 to 4-20).
    enum Flag {
        static let present: UInt64 = 1 << 0
        static let writable: UInt64 = 1 << 1
        static let user: UInt64 = 1 << 2
        static let accessed: UInt64 = 1 << 5
        static let dirty: UInt64 = 1 << 6
        static let large: UInt64 = 1 << 7
        static let noExecute: UInt64 = 1 << 63
        /// Upper levels allow everything; the last level decides.
        static let directory: UInt64 = present | writable | user | accessed
    }

    private static let page: UInt64 = 4096
    private static let large = UInt64(MemoryMap.largePageByteCount)
    private static let root = SystemLayout.pageTables
    private static let directoryPointers = root + page
    private static let firstDirectory = root + 2 * page

    private var nextTable: UInt64
    private var openTable: (slot: UInt64, address: UInt64)?

    /// The system's pages and the map's regions, by address. Neighbours with equal rights stay apart: a large page of two
    /// regions would have to be cleared for the small part of the upper one.
    static func runs(_ map: MemoryMap) -> [Run] {
        let supervisor = Flag.present | Flag.accessed
        let system = [
            Run(start: SystemLayout.gdt, end: SystemLayout.gdt + page, flags: supervisor | Flag.noExecute),
            Run(start: SystemLayout.stubs, end: SystemLayout.stubs + page, flags: supervisor),
            Run(
                start: SystemLayout.exceptionStack, end: SystemLayout.exceptionStackTop,
                flags: supervisor | Flag.writable | Flag.dirty | Flag.noExecute),
        ]
        return system
            + map.regions.map { region in
                Run(
                    start: region.address.rawValue, end: region.end.rawValue, flags: flags(region.permissions))
            }
    }

    /// The ranges that get 2 MiB entries, for the advice to back them with large host pages.
    static func largeRanges(_ map: MemoryMap) -> [Range<UInt64>] {
        runs(map).compactMap { run in
            let start = MemoryMap.align(run.start, to: MemoryMap.largePageByteCount)
            let end = run.end & ~(large - 1)
            return start < end ? start..<end : nil
        }
    }

    private static func flags(_ permissions: MemoryPermissions) -> UInt64 {
        var flags = Flag.present | Flag.user | Flag.accessed
        if permissions.contains(.write) { flags |= Flag.writable | Flag.dirty }
        if !permissions.contains(.execute) { flags |= Flag.noExecute }
        return flags
    }

    /// Writes all tables into the guest's low memory.
    static func write(_ map: MemoryMap, into memory: inout MutableRawSpan) {
        let directoryCount = (UInt64(map.byteCount) + (1 << 30) - 1) >> 30
        var tables = PageTables(nextTable: firstDirectory + directoryCount * page)
        store(directoryPointers | Flag.directory, at: root, &memory)
        for index in 0..<directoryCount {
            store((firstDirectory + index * page) | Flag.directory, at: directoryPointers + index * 8, &memory)
        }
        for run in runs(map) { tables.write(run, into: &memory) }
    }

    private init(nextTable: UInt64) { self.nextTable = nextTable }

    private mutating func write(_ run: Run, into memory: inout MutableRawSpan) {
        var address = run.start
        while address < run.end {
            if address.isMultiple(of: Self.large), run.end - address >= Self.large {
                Self.store(address | run.flags | Flag.large, at: Self.directoryEntry(address), &memory)
                address += Self.large
            } else {
                let table = table(for: address, into: &memory)
                Self.store(address | run.flags, at: table + (address / Self.page % 512) * 8, &memory)
                address += Self.page
            }
        }
    }

    /// Runs come by address, so only the newest table can be met again.
    private mutating func table(for address: UInt64, into memory: inout MutableRawSpan) -> UInt64 {
        let slot = address / Self.large
        if let openTable, openTable.slot == slot { return openTable.address }
        let table = nextTable
        // A map has at most 16 directories, 33 tables of low memory and image, and two at each end of five regions.
        precondition(table < SystemLayout.pageTablesEnd, "a valid map fits")
        nextTable += Self.page
        Self.store(table | Flag.directory, at: Self.directoryEntry(address), &memory)
        openTable = (slot, table)
        return table
    }

    private static func directoryEntry(_ address: UInt64) -> UInt64 { firstDirectory + address / large * 8 }

    private static func store(_ entry: UInt64, at address: UInt64, _ memory: inout MutableRawSpan) {
        memory.storeBytes(of: entry.littleEndian, toByteOffset: Int(address), as: UInt64.self)
    }
}
