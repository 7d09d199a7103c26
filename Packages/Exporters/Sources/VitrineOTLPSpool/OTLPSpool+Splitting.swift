// SPDX-License-Identifier: MIT OR Apache-2.0

internal import Synchronization
package import VitrineOTLP

extension OTLPSpool {
    /// Puts two files in the place of one that this process has: each with a part of its records, and with its time, so that
    /// neither gets older than the whole would have.
    ///
    /// Both are on the disk before anything changes. Then the one gets a name of its own, and the other that of the whole,
    /// which ends that in the same step. So a process that is killed loses nothing, and only one that is killed between these
    /// two leaves records twice. On failure all is as it was.
    ///
    /// No other file is dropped for them: what they have together may be no more than there is room for without the whole,
    /// or this throws `.full`.
    ///
    /// - Returns: both, in the order of the records; they are this process's as the whole was.
    package func replace(
        _ claim: SpoolClaim, _ header: OTLPSpoolHeader, with halves: (OTLPRequestBody, OTLPRequestBody)
    ) throws(OTLPSpoolError) -> (SpoolClaim, SpoolClaim) {
        let headers = (halfHeader(header, halves.0), halfHeader(header, halves.1))
        let names = (draftName(beside: claim.name), draftName(beside: claim.name))
        let byteCounts = (fileByteCount(halves.0), fileByteCount(halves.1))
        let handles = try withFolderSoon { () throws(SpoolCallError) -> (SpoolHandle, SpoolHandle)? in
            guard try hasRoom(for: [byteCounts.0, byteCounts.1], without: claim.name) else { return nil }
            let first = try create(names.0, byteCount: byteCounts.0)
            do throws(SpoolCallError) { return (first, try create(names.1, byteCount: byteCounts.1)) } catch {
                try? folder.remove(names.0)
                throw error
            }
        }
        guard let handles else { throw .full }
        let first = SpoolDraft(self, names.0, handles.0)
        let second = SpoolDraft(self, names.1, handles.1)
        try first.write(headers.0, halves.0.bytes)
        try second.write(headers.1, halves.1.bytes)
        // In the order of names they are in the order of the records.
        let new = names.0.with(.waiting)
        let kept = new < claim.name ? (new, claim.name) : (claim.name, names.1.with(.waiting))
        if kept.0 == new {
            try put(first, as: kept.0, second, inPlaceOf: kept.1)
        } else {
            try put(second, as: kept.1, first, inPlaceOf: kept.0)
        }
        return (
            SpoolClaim(self, kept.0, handles.0, UInt64(byteCounts.0)),
            SpoolClaim(self, kept.1, handles.1, UInt64(byteCounts.1))
        )
    }

    private func put(
        _ beside: borrowing SpoolDraft, as name: SpoolName, _ instead: borrowing SpoolDraft, inPlaceOf whole: SpoolName
    ) throws(OTLPSpoolError) {
        do throws(SpoolCallError) {
            try beside.put(as: name)
            do throws(SpoolCallError) {
                // Or a machine that stops might have the end of the whole on its disk, and not this.
                try folder.handle.synchronize()
                try instead.put(as: whole)
            } catch {
                try? folder.remove(name)
                throw error
            }
        } catch {
            throw .system(call: error.call, code: error.code)
        }
    }

    private func halfHeader(_ header: OTLPSpoolHeader, _ body: OTLPRequestBody) -> OTLPSpoolHeader {
        OTLPSpoolHeader(header.signal, recordCount: body.recordCount, time: header.time, body: body.bytes.span)
    }

    private func draftName(beside name: SpoolName) -> SpoolName {
        SpoolName(nanosecondsSinceEpoch: name.time, number: nextNumber.wrappingAdd(1, ordering: .relaxed).oldValue)
    }

    private func fileByteCount(_ body: OTLPRequestBody) -> Int { OTLPSpoolHeader.byteCount + body.bytes.count }

    /// Whether there is room for files as soon as one that is there is not. Nobody else looks meanwhile.
    private func hasRoom(for byteCounts: [Int], without name: SpoolName) throws(SpoolCallError) -> Bool {
        var sizes = sizes(of: try folder.names())
        sizes[name] = nil
        guard sizes.count + byteCounts.count <= fileLimit else { return false }
        let total = Self.total(sizes)
        let added = UInt64(byteCounts.reduce(0, +))
        return total <= limits.byteCount && added <= limits.byteCount - total
    }
}
