// SPDX-License-Identifier: MIT OR Apache-2.0

internal import Glibc
internal import Synchronization
package import VitrineObservability

/// A folder in which requests wait for a process that can send them.
///
/// Give it to an `OTLPExporter`: what that cannot send until it is shut down is written here, one file for each request, and
/// an exporter that is given the same folder sends what it finds, its own records first. Any number of processes of one user
/// share a folder: each file is sent by one of them at a time, and the bounds are of all together.
///
/// Files belong to the process's user and are for it alone; links are not followed. The folder is to be on a local disk.
public final class OTLPSpool: Sendable {
    /// Where it is.
    public let path: String
    /// How much it may hold.
    public let limits: OTLPSpoolLimits
    let folder: SpoolFolder
    /// The next file's number: a random half, and one that counts, so that files of the same time keep their order.
    let nextNumber = Atomic<UInt64>(.random(in: 0...UInt64(UInt32.max)) << 32)
    /// Locks of the system are of a process, or of all its threads.
    private let access = Mutex<Void>(())

    /// Opens a folder, or makes it with permissions 0700; the folder that it is in has to be there.
    ///
    /// Throws if it is not there and cannot be made, is a link, belongs to somebody else, or others may write into it.
    public init(path: String, limits: OTLPSpoolLimits = OTLPSpoolLimits()) throws(OTLPSpoolError) {
        folder = try SpoolFolder(path: path)
        self.path = path
        self.limits = limits
    }

    /// Has the folder for a step that looks at all files. Waits for other processes, which have it for such steps only, until
    /// the time is over.
    func withFolder<Result>(
        isOver: () -> Bool, _ body: () throws(SpoolCallError) -> Result
    ) throws(OTLPSpoolError) -> Result {
        do throws(SpoolCallError) {
            return try access.withLock { _ throws(SpoolCallError) -> Result in
                while true {
                    do throws(SpoolCallError) {
                        try folder.handle.lock()
                        break
                    } catch {
                        if error.code != EWOULDBLOCK || isOver() { throw error }
                        usleep(1_000)
                    }
                }
                defer { folder.handle.unlock() }
                return try body()
            }
        } catch {
            if error.code == EWOULDBLOCK { throw .busy }
            throw .system(call: error.call, code: error.code)
        }
    }

    /// The same for who has other things to do than to wait: throws `.busy` after some tens of milliseconds.
    func withFolderSoon<Result>(
        _ body: () throws(SpoolCallError) -> Result
    ) throws(OTLPSpoolError) -> Result {
        var tryCount = 0
        let isOver = {
            tryCount += 1
            return tryCount > Self.tryLimit
        }
        return try withFolder(isOver: isOver, body)
    }

    private static let tryLimit = 50

    /// The files that wait to be sent, the oldest first. Removes what processes that died left half-written, and what lies
    /// aside for longer than the age that files may have.
    package func waiting(now: Timestamp) throws(OTLPSpoolError) -> [SpoolName] {
        try withFolderSoon { () throws(SpoolCallError) in
            let names = try folder.names()
            for name in names where name.state == .draft && !isBeingWritten(name) { try? folder.remove(name) }
            for name in names where name.state == .aside {
                if now.nanoseconds(since: Timestamp(nanosecondsSinceEpoch: name.time)) > ageNanoseconds {
                    try? folder.remove(name)
                }
            }
            return names.filter { $0.state == .waiting }
        }
    }

    private func isBeingWritten(_ name: SpoolName) -> Bool {
        do throws(SpoolCallError) {
            try folder.open(name).lock()
            return false
        } catch {
            return error.code == EWOULDBLOCK
        }
    }

    /// How old a file gets, in nanoseconds.
    package var ageNanoseconds: UInt64 {
        let (product, isTooLarge) = limits.ageSeconds.multipliedReportingOverflow(by: 1_000_000_000)
        return isTooLarge ? .max : product
    }

    /// Returns when the disk has the names of all files that were kept.
    package func synchronize() throws(OTLPSpoolError) {
        do throws(SpoolCallError) { try folder.handle.synchronize() } catch {
            throw .system(call: error.call, code: error.code)
        }
    }
}
