// SPDX-License-Identifier: MIT OR Apache-2.0

/// What runs the guest.
public enum Backend: String, Sendable, CaseIterable {
    /// KVM if it can run a guest here, else the emulator if the program links it. The environment variable
    /// `VITRINE_BACKEND` (`automatic`, `kvm` or `emulator`) decides instead, where it is set.
    case automatic
    /// The kernel's hypervisor, through `/dev/kvm`.
    case kvm
    /// The software CPU of the product `VitrineEmulator`, for machines without KVM: the same guests, much slower.
    case emulator
}

extension Backend: CustomStringConvertible {
    /// The name, as `VITRINE_BACKEND` spells it.
    public var description: String { rawValue }
}
