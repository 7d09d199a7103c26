// SPDX-License-Identifier: MIT OR Apache-2.0

internal import Glibc

/// The open folder of a spool. All files are reached through it by name, so that nobody who moves it or puts links in leads
/// anywhere else.
struct SpoolFolder: Sendable {
    /// The most entries of a folder that are looked at.
    static let entryLimit = 100_000
    /// The most files of ours that are known at a time.
    static let nameLimit = 10_000

    /// Locked and synchronized as a file is.
    let handle: SpoolHandle

    private var descriptor: Int32 { handle.descriptor }

    /// Opens a folder, which is made if it is not there; the one that it is in has to be.
    init(path: String) throws(OTLPSpoolError) {
        guard !path.isEmpty, !path.utf8.contains(0) else { throw .invalidPath }
        let status: SpoolHandle.Status
        do throws(SpoolCallError) {
            // SAFETY: the path is a C string for the call.
            if unsafe mkdir(path, 0o700) != 0, errno != EEXIST { throw SpoolCallError(call: "mkdir", code: errno) }
            // SAFETY: as above.
            handle = SpoolHandle(
                try SpoolCall.run("open") { unsafe Glibc.open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) })
            status = try handle.status()
        } catch {
            throw .system(call: error.call, code: error.code)
        }
        // What somebody else writes there would go out in our name.
        guard status.userID == geteuid() else { throw .foreignFolder(userID: status.userID) }
        guard status.permissions & 0o022 == 0 else { throw .openFolder(permissions: status.permissions) }
    }

    /// The names of our kind, in their order.
    func names() throws(SpoolCallError) -> [SpoolName] {
        // SAFETY: the path is a C string for the call.
        let copy = try SpoolCall.run("open") {
            unsafe openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        }
        // SAFETY: the stream takes the descriptor, and is closed below; on failure it is still ours.
        guard let stream = unsafe fdopendir(copy) else {
            let code = errno
            close(copy)
            throw SpoolCallError(call: "fdopendir", code: code)
        }
        // SAFETY: nobody uses it any more.
        defer { unsafe closedir(stream) }
        var names: [SpoolName] = []
        // SAFETY: an entry is read before the next call; its name is a C string inside of it.
        for _ in 0..<Self.entryLimit {
            guard let entry = unsafe readdir(stream) else { break }
            let text = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if let name = SpoolName(text) { names.append(name) }
            if names.count == Self.nameLimit { break }
        }
        return names.sorted()
    }

    /// What a name stands for itself, be it a link.
    func status(_ name: SpoolName) throws(SpoolCallError) -> SpoolHandle.Status {
        var status = stat()
        // SAFETY: the name is a C string for the call; the kernel fills a local of its type.
        try SpoolCall.run("fstatat") { unsafe fstatat(descriptor, name.text, &status, AT_SYMLINK_NOFOLLOW) }
        return SpoolHandle.Status(status)
    }

    /// Makes a file that was not there. For reading too: who takes one apart has its halves from then on.
    func create(_ name: SpoolName) throws(SpoolCallError) -> SpoolHandle {
        let flags = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
        // SAFETY: the name is a C string for the call.
        return SpoolHandle(try SpoolCall.run("openat") { unsafe openat(descriptor, name.text, flags, 0o600) })
    }

    /// Opens a file, and waits for nobody at the other end where it is none. For writing too, as locks on some network file
    /// systems want that.
    func open(_ name: SpoolName) throws(SpoolCallError) -> SpoolHandle {
        let flags = O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC
        // SAFETY: the name is a C string for the call.
        return SpoolHandle(try SpoolCall.run("openat") { unsafe openat(descriptor, name.text, flags) })
    }

    /// Gives a file another state; what had that name is gone.
    func rename(_ name: SpoolName, to state: SpoolName.State) throws(SpoolCallError) {
        try rename(name, to: name.with(state))
    }

    /// Gives a file another name, in one step; what had that is gone.
    func rename(_ name: SpoolName, to other: SpoolName) throws(SpoolCallError) {
        // SAFETY: the names are C strings for the call.
        try SpoolCall.run("renameat") {
            unsafe renameat(descriptor, name.text, descriptor, other.text)
        }
    }

    func remove(_ name: SpoolName) throws(SpoolCallError) {
        // SAFETY: the name is a C string for the call.
        try SpoolCall.run("unlinkat") { unsafe unlinkat(descriptor, name.text, 0) }
    }
}
