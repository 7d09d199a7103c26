// SPDX-License-Identifier: MIT OR Apache-2.0

/// Where a sandbox takes its guest from.
public enum GuestSource: Sendable {
    /// An ELF file, read when the sandbox is built.
    case file(String)
    /// The bytes of an ELF file.
    case bytes([UInt8])
    /// An image that is parsed already: the way to build many sandboxes of one guest.
    case image(GuestImage)

    /// The parsed image.
    func image() throws(SandboxError) -> GuestImage {
        switch self {
        case .file(let path): try GuestImage(file: path)
        case .bytes(let bytes): try GuestImage(parsing: bytes)
        case .image(let image): image
        }
    }
}
