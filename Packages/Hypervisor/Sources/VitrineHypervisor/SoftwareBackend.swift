// SPDX-License-Identifier: MIT OR Apache-2.0

internal import CVitrineKick

/// Finds the software CPU when the program links one, without this package depending on it.
public enum SoftwareBackend {
    /// The backend of a module that exports the C symbol `vitrine_software_backend`, else nil.
    public static var linked: (any Hypervisor)? {
        // SAFETY: the symbol's contract is to return what `export` returned, which is never freed.
        guard let reference = unsafe vitrine_linked_software_backend() else { return nil }
        return unsafe Unmanaged<SoftwareBackendReference>.fromOpaque(reference).takeUnretainedValue().hypervisor
    }

    /// What the exporting module returns from `vitrine_software_backend`: call it once and keep the result.
    /// SAFETY: the pointer is only good for `linked`, which knows its type.
    @_spi(Backend) @unsafe public static func export(_ hypervisor: any Hypervisor) -> UnsafeMutableRawPointer {
        // SAFETY: the extra retain keeps the reference alive for ever.
        unsafe Unmanaged.passRetained(SoftwareBackendReference(hypervisor)).toOpaque()
    }
}

private final class SoftwareBackendReference: Sendable {
    let hypervisor: any Hypervisor
    init(_ hypervisor: any Hypervisor) { self.hypervisor = hypervisor }
}
