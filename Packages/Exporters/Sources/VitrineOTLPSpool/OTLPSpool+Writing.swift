// SPDX-License-Identifier: MIT OR Apache-2.0

internal import Glibc
internal import Synchronization
package import VitrineOTLP
package import VitrineObservability

/// A file that was dropped to make room for another.
package struct SpoolLoss: Sendable, Hashable {
    /// What was in it; nil if that cannot be read, or if it lay aside.
    package let signal: OTLPSignal?
    /// How many records were in it, by its header.
    package let recordCount: Int
}

extension OTLPSpool {
    /// Writes a body to the disk, and drops the oldest files for it where there is no room.
    ///
    /// - Parameters:
    ///   - isOver: whether there is no time to wait for other processes.
    ///   - dropped: told each file that was dropped.
    package func draft(
        _ signal: OTLPSignal, recordCount: Int, body: [UInt8], time: Timestamp, isOver: () -> Bool,
        dropped: (SpoolLoss) -> Void
    ) throws(OTLPSpoolError) -> SpoolDraft {
        let byteCount = OTLPSpoolHeader.byteCount + body.count
        guard byteCount <= limits.fileByteCount, UInt64(byteCount) <= limits.byteCount, limits.fileCount > 0 else {
            throw .tooLarge(byteCount: byteCount)
        }
        let header = OTLPSpoolHeader(signal, recordCount: recordCount, time: time, body: body.span)
        let number = nextNumber.wrappingAdd(1, ordering: .relaxed).oldValue
        let name = SpoolName(nanosecondsSinceEpoch: time.nanosecondsSinceEpoch, number: number)
        let handle = try withFolder(isOver: isOver) { () throws(SpoolCallError) -> SpoolHandle? in
            guard try makeRoom(UInt64(byteCount), dropped) else { return nil }
            return try create(name, byteCount: byteCount)
        }
        guard let handle else { throw .full }
        let draft = SpoolDraft(self, name, handle)
        try draft.write(header, body)
        return draft
    }

    /// Makes a file that is locked and has its size.
    func create(_ name: SpoolName, byteCount: Int) throws(SpoolCallError) -> SpoolHandle {
        let handle = try folder.create(name)
        do throws(SpoolCallError) {
            try handle.lock()
            try handle.resize(byteCount)
        } catch {
            try? folder.remove(name)
            throw error
        }
        return handle
    }

    /// Drops files until there is room for another of that size; false if there is none. Nobody else looks meanwhile.
    private func makeRoom(_ byteCount: UInt64, _ dropped: (SpoolLoss) -> Void) throws(SpoolCallError) -> Bool {
        let names = try folder.names()
        let sizes = sizes(of: names)
        var total = Self.total(sizes)
        var count = sizes.count
        // What cannot be sent goes first; then the oldest.
        let order = names.filter { $0.state != .waiting } + names.filter { $0.state == .waiting }
        for name in order {
            if total <= limits.byteCount - byteCount && count < fileLimit { break }
            guard let size = sizes[name], let loss = drop(name) else { continue }
            total -= min(size, total)
            count -= 1
            dropped(loss)
        }
        return total <= limits.byteCount - byteCount && count < fileLimit
    }

    /// How many bytes the files have.
    func sizes(of names: [SpoolName]) -> [SpoolName: UInt64] {
        var sizes: [SpoolName: UInt64] = [:]
        for name in names { sizes[name] = (try? folder.status(name))?.byteCount }
        return sizes
    }

    static func total(_ sizes: [SpoolName: UInt64]) -> UInt64 {
        sizes.values.reduce(0) { $0.addingReportingOverflow($1).overflow ? .max : $0 + $1 }
    }

    /// How many files there may be.
    var fileLimit: Int { min(limits.fileCount, SpoolFolder.nameLimit) }

    /// Removes a file, unless somebody has it.
    private func drop(_ name: SpoolName) -> SpoolLoss? {
        var loss = SpoolLoss(signal: nil, recordCount: 0)
        do throws(SpoolCallError) {
            let handle = try folder.open(name)
            try handle.lock()
            if name.state == .waiting, let bytes = try? handle.read(OTLPSpoolHeader.byteCount),
                let header = try? OTLPSpoolHeader(reading: bytes.span)
            {
                loss = SpoolLoss(signal: header.signal, recordCount: header.recordCount)
            }
            // Removed while it is locked: nobody sends what was dropped.
            return (try? folder.remove(name)) == nil ? nil : loss
        } catch {
            if error.code == EWOULDBLOCK { return nil }
            // A link, a folder or a pipe is nobody's, and cannot be had.
            return (try? folder.remove(name)) == nil ? nil : loss
        }
    }
}
