// SPDX-License-Identifier: MIT OR Apache-2.0

/// A file that is on the disk and not yet in the spool: kept or thrown away, once.
package struct SpoolDraft: ~Copyable, Sendable {
    private let spool: OTLPSpool
    private let name: SpoolName
    /// Locked, so that nobody takes the file for one whose writer died.
    private let handle: SpoolHandle

    init(_ spool: OTLPSpool, _ name: SpoolName, _ handle: SpoolHandle) {
        self.spool = spool
        self.name = name
        self.handle = handle
    }

    deinit {
        try? spool.folder.remove(name)
    }

    /// Gives the file its content; returns when the disk has it.
    func write(_ header: OTLPSpoolHeader, _ body: [UInt8]) throws(OTLPSpoolError) {
        do throws(SpoolCallError) {
            try handle.write(header.bytes, at: 0)
            try handle.write(body, at: OTLPSpoolHeader.byteCount)
            try handle.synchronize()
        } catch {
            throw .system(call: error.call, code: error.code)
        }
    }

    /// Puts the file in: one step, after which others may send it. The disk has its name after `synchronize()`.
    package consuming func keep() throws(OTLPSpoolError) {
        do throws(SpoolCallError) { try put(as: name.with(.waiting)) } catch {
            throw .system(call: error.call, code: error.code)
        }
    }

    /// Puts the file in under a name, in the place of what had that; nobody else has it as long as this is.
    borrowing func put(as name: SpoolName) throws(SpoolCallError) {
        try spool.folder.rename(self.name, to: name)
        // From here on there is nothing of the draft's name to be removed, and `deinit` finds nothing.
    }
}
