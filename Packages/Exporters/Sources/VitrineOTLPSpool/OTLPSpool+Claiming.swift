// SPDX-License-Identifier: MIT OR Apache-2.0

internal import Glibc

/// A file that this process has for itself, until this is released: then the file is again as any other.
package final class SpoolClaim: Sendable {
    /// Which one.
    package let name: SpoolName
    private let spool: OTLPSpool
    private let handle: SpoolHandle
    private let byteCount: UInt64

    init(_ spool: OTLPSpool, _ name: SpoolName, _ handle: SpoolHandle, _ byteCount: UInt64) {
        self.spool = spool
        self.name = name
        self.handle = handle
        self.byteCount = byteCount
    }

    /// Reads the file and checks it.
    package func read() throws(OTLPSpoolFileError) -> OTLPSpoolFile {
        let bytes: [UInt8]
        do throws(SpoolCallError) { bytes = try handle.read(Int(byteCount)) } catch {
            throw .system(call: error.call, code: error.code)
        }
        return try OTLPSpoolFile(reading: bytes.span)
    }

    /// Removes the file: it was sent, or never will be.
    package func remove() throws(OTLPSpoolError) {
        do throws(SpoolCallError) { try spool.folder.remove(name) } catch {
            throw .system(call: error.call, code: error.code)
        }
    }

    /// Moves the file aside, so that nobody reads it again; says whether it is.
    package func setAside() -> Bool { spool.setAside(name) }
}

/// What became of the wish to have a file.
package enum SpoolClaimResult: Sendable {
    /// It is ours.
    case claimed(SpoolClaim)
    /// Somebody else sent it.
    case gone
    /// Somebody else has it.
    case busy
    /// It is none that can be sent. Whether it was moved aside; if not it is still there.
    case refused(OTLPSpoolFileError, isAside: Bool)
}

extension OTLPSpool {
    /// Has a file for this process alone.
    package func claim(_ name: SpoolName) -> SpoolClaimResult {
        do throws(SpoolCallError) {
            let handle = try folder.open(name)
            try handle.lock()
            // Between the two somebody may have sent and removed it: then what is locked is nothing any more.
            let status = try handle.status()
            guard try folder.status(name).isSame(as: status) else { return .gone }
            guard status.isFile else { return refuse(name, .notAFile) }
            guard status.userID == geteuid() else { return refuse(name, .foreignOwner(userID: status.userID)) }
            guard status.byteCount <= UInt64(max(0, limits.fileByteCount)) else {
                return refuse(name, .tooLarge(byteCount: status.byteCount))
            }
            return .claimed(SpoolClaim(self, name, handle, status.byteCount))
        } catch {
            switch error.code {
            case ENOENT: return .gone
            case EWOULDBLOCK: return .busy
            case ELOOP, EISDIR, ENXIO, ENODEV: return refuse(name, .notAFile)
            default: return .refused(.system(call: error.call, code: error.code), isAside: false)
            }
        }
    }

    private func refuse(_ name: SpoolName, _ error: OTLPSpoolFileError) -> SpoolClaimResult {
        .refused(error, isAside: setAside(name))
    }

    fileprivate func setAside(_ name: SpoolName) -> Bool {
        (try? folder.rename(name, to: .aside)) != nil
    }
}
