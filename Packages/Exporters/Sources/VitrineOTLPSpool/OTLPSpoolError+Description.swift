// SPDX-License-Identifier: MIT OR Apache-2.0

internal import Glibc

extension OTLPSpoolError: CustomStringConvertible {
    /// What is wrong with the folder, and what helps. One line, without the path.
    public var description: String {
        switch self {
        case .invalidPath: "the path of the folder is empty or has a zero byte in it"
        case .foreignFolder(let userID):
            "the folder belongs to the user \(userID) and not to the one who runs this program: give it one of its own"
        case .openFolder(let permissions):
            "others may write into the folder, whose permissions are 0\(String(permissions & 0o7777, radix: 8)): "
                + "take that from them by chmod go-w"
        case .tooLarge(let byteCount):
            "a record of \(byteCount) bytes is larger than a file may be (see OTLPSpoolLimits.fileByteCount)"
        case .full: "there is no room, and nothing that could go for it (see OTLPSpoolLimits)"
        case .busy: "another process keeps the folder locked"
        case .system("mkdir", ENOENT): "the folder cannot be made: the one that it is to be in does not exist"
        case .system("mkdir", let code): "the folder cannot be made: \(systemText(code))"
        case .system("open", ENOTDIR), .system("open", ELOOP):
            "its path leads to a file or a symbolic link, not to a folder"
        case .system("open", let code): "the folder cannot be opened: \(systemText(code))"
        case .system(let call, let code): "\(call) failed: \(systemText(code))"
        }
    }
}

extension OTLPSpoolFileError: CustomStringConvertible {
    /// What is wrong with the file, and what becomes of it. One line.
    public var description: String {
        switch self {
        case .version(let number):
            "it is of version \(number), which is not known here; it stays for a program that knows it"
        default: "\(fault); it is moved aside, to be looked at"
        }
    }

    private var fault: String {
        switch self {
        case .truncated(let byteCount): "it ends after \(byteCount) bytes, within its header"
        case .foreign: "it does not begin as files of a spool do"
        case .version(let number): "it is of version \(number)"
        case .damagedHeader: "its header is damaged"
        case .malformed: "its header says what cannot be"
        case .wrongByteCount(let expected, let actual): "it has \(actual) bytes of body and should have \(expected)"
        case .damagedBody: "its body is damaged"
        case .tooLarge(let byteCount):
            "its \(byteCount) bytes are more than a file may have (see OTLPSpoolLimits.fileByteCount)"
        case .notAFile: "it is a link, a folder or a device, not a file"
        case .foreignOwner(let userID): "it belongs to the user \(userID)"
        case .system(let call, let code): "\(call) failed: \(systemText(code))"
        }
    }
}

/// The words of an `errno`.
private func systemText(_ code: Int32) -> String {
    // SAFETY: a C string that is glibc's own, or the thread's for a code that it does not know; copied at once.
    unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
}
