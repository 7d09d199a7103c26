// SPDX-License-Identifier: MIT OR Apache-2.0

import VitrineELF
import VitrineHypervisor
import VitrineObservability
import VitrineWire

/// A guest program that was read and checked once, to build any number of sandboxes of.
///
/// A copy is the same image: the bytes are shared.
public struct GuestImage: Sendable {
    /// The name for people: that of the file, or `guest`.
    public let name: String
    /// The GNU build-id, which ties trace files and symbols to this very build; empty if the image has none.
    public let buildID: [UInt8]

    let elf: ELFImage
    let segments: [ImageSegment]

    /// Reads and checks a file.
    ///
    /// Throws `badImage`, also if the file cannot be read, or `abiMismatch`.
    public init(file path: String) throws(SandboxError) {
        self = try withSpan("load-image", target: "vitrine.host", [Field("file", path)]) { span throws(SandboxError) in
            do throws(SandboxError) { return try GuestImage(reading: path) } catch {
                span.recordUnheardError(error, target: "vitrine.host")
                throw error
            }
        }
    }

    private init(reading path: String) throws(SandboxError) {
        let bytes: [UInt8]
        do throws(FileBytes.Failure) {
            bytes = try FileBytes.read(path, maximumByteCount: ELFImage.Limit.fileBytes)
        } catch {
            throw Self.unreadable(path, error)
        }
        try self.init(bytes, name: path.split(separator: "/").last.map(String.init) ?? path)
    }

    /// Checks the bytes of a file. Throws `badImage` or `abiMismatch`.
    public init(parsing bytes: [UInt8], name: String = "guest") throws(SandboxError) {
        self = try withSpan(
            "load-image", target: "vitrine.host", [Field("guest", name), Field("bytes", bytes.count)]
        ) { span throws(SandboxError) in
            do throws(SandboxError) { return try GuestImage(bytes, name: name) } catch {
                span.recordUnheardError(error, target: "vitrine.host")
                throw error
            }
        }
    }

    private init(_ bytes: [UInt8], name: String) throws(SandboxError) {
        let elf: ELFImage
        do throws(ELFError) {
            elf = try ELFImage(parsing: bytes)
        } catch {
            throw SandboxError(
                .badImage, "“\(GuestText.escaped(name))” is no guest image",
                advice:
                    "A guest is a static x86-64 ELF file, linked as docs/guest-abi.md says; `just build-guests` makes "
                    + "the sample ones.",
                underlying: error)
        }
        guard elf.abiVersion == GuestABI.version else {
            let found = elf.abiVersion.map { "version \($0)" } ?? "none"
            throw SandboxError(
                .abiMismatch,
                "“\(GuestText.escaped(name))” is built for guest ABI \(found), this host speaks version \(GuestABI.version)",
                advice: "Rebuild the guest with the SDK of this release.")
        }
        self.name = name
        self.elf = elf
        buildID = elf.buildID ?? []
        segments = elf.segments.map { segment in
            ImageSegment(
                address: GuestAddress(rawValue: segment.address), byteCount: segment.byteCount,
                permissions: Self.permissions(segment.permissions))
        }
    }

    private static func permissions(_ permissions: ELFPermissions) -> MemoryPermissions {
        var result: MemoryPermissions = []
        if permissions.contains(.read) { result.insert(.read) }
        if permissions.contains(.write) { result.insert(.write) }
        if permissions.contains(.execute) { result.insert(.execute) }
        return result
    }

    private static func unreadable(_ path: String, _ failure: FileBytes.Failure) -> SandboxError {
        let path = GuestText.escaped(path)
        switch failure {
        case .systemCall(let call, let errno):
            return SandboxError(
                .badImage, "“\(path)” cannot be read: \(call): \(FileBytes.describe(errno: errno))",
                advice: "The sample guests are made by `just build-guests && just move-guests`.", underlying: failure)
        case .notAFile:
            return SandboxError(.badImage, "“\(path)” is not a regular file", underlying: failure)
        case .tooLarge:
            return SandboxError(
                .badImage, "“\(path)” is larger than \(ELFImage.Limit.fileBytes >> 20) MiB",
                advice: "Strip its debugging information.", underlying: failure)
        }
    }
}
