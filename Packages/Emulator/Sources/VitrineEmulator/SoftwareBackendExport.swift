// SPDX-License-Identifier: MIT OR Apache-2.0

@_spi(Backend) internal import VitrineHypervisor

/// Lives as long as the process.
@safe private struct ExportedBackend: @unchecked Sendable {
    // Sendable: an immutable reference to a Sendable object.
    let reference: UnsafeMutableRawPointer

    // SAFETY: `export` retains for ever what the pointer refers to.
    static let shared = unsafe ExportedBackend(reference: SoftwareBackend.export(EmulatorHypervisor()))
}

/// What `SoftwareBackend.linked` looks for: a program that links this module has the symbol.
@_cdecl("vitrine_software_backend")
// SAFETY: a reference that is never released.
func exportedSoftwareBackend() -> UnsafeMutableRawPointer { unsafe ExportedBackend.shared.reference }
