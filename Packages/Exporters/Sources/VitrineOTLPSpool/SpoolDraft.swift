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

    /// Puts the file in: one step, after which others may send it. The disk has its name after `synchronize()`.
    package consuming func keep() throws(OTLPSpoolError) {
        do throws(SpoolCallError) {
            try spool.folder.rename(name, to: .waiting)
        } catch {
            throw .system(call: error.call, code: error.code)
        }
        // From here on there is nothing of that name to be removed, and `deinit` finds nothing.
    }
}
