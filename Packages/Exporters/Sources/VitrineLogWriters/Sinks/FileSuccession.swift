// SPDX-License-Identifier: MIT OR Apache-2.0

internal import Glibc

/// The old files of a log: `name.1` is the youngest.
enum FileSuccession {
    /// Moves a file to `name.1`, and each old one on by one as far as there are any; the oldest makes room.
    ///
    /// Each step is one `rename(2)`, from the old end on: whenever it stops, every file is whole and has one name.
    ///
    /// - Returns: the error number of the first step that failed, else 0.
    static func move(_ path: String, kept: Int) -> Int32 {
        // SAFETY, of all below: paths are C strings for the calls.
        guard kept > 0 else { return number(of: unsafe unlink(path)) }
        // Nothing has to move beyond the first free place.
        let free = (1..<kept).first { !exists("\(path).\($0)") } ?? kept
        for index in stride(from: free, to: 1, by: -1) {
            let failure = number(of: unsafe rename("\(path).\(index - 1)", "\(path).\(index)"))
            guard failure == 0 || failure == ENOENT else { return failure }
        }
        return number(of: unsafe rename(path, "\(path).1"))
    }

    private static func number(of result: Int32) -> Int32 { result == 0 ? 0 : errno }

    // SAFETY: as above.
    private static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }
}
