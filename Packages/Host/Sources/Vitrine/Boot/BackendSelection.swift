// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
import VitrineHypervisor
import VitrineKVM
import VitrineObservability

/// Finds the hypervisor that a builder asks for.
enum BackendSelection {
    /// The environment variable that decides where the builder does not.
    static let variable = "VITRINE_BACKEND"

    /// A hypervisor that can run guests here. What goes wrong in it is left to the operation that uses it, which tells of
    /// it once, as its own error.
    ///
    /// - Parameters:
    ///   - environment: what `VITRINE_BACKEND` says, if it is set and not empty.
    ///   - software: the software CPU, if the program links one.
    static func hypervisor(
        for choice: Backend, environment: String? = environmentValue, kvm: any Hypervisor = KVMHypervisor(),
        software: (any Hypervisor)? = SoftwareBackend.linked
    ) throws(SandboxError) -> any Hypervisor {
        let kvm: any Hypervisor = kvm.leavingErrorsToCaller
        let software = software.map { (software: any Hypervisor) -> any Hypervisor in software.leavingErrorsToCaller }
        var choice = choice
        if choice == .automatic, let environment {
            guard let named = Backend(rawValue: environment) else {
                throw .invalidConfiguration(
                    "\(variable) is “\(GuestText.escaped(GuestText.bounded(environment, maximumByteCount: 64)))”",
                    advice: "Set it to automatic, kvm or emulator, or unset it.")
            }
            choice = named
        }
        switch choice {
        case .kvm:
            if let reason = unusable(kvm) { throw none(reason) }
            return kvm
        case .emulator:
            guard let software else {
                throw none("emulator: \(explain(.unavailable(.notLinked)))")
            }
            if let reason = unusable(software) { throw none(reason) }
            return software
        case .automatic:
            guard let kvmReason = unusable(kvm) else { return kvm }
            event(
                "a backend cannot be used", target: "vitrine.host", level: .debug,
                [Field("backend", kvm.name), Field("reason", kvmReason)])
            guard let software else {
                throw none("\(kvmReason); emulator: \(explain(.unavailable(.notLinked)))")
            }
            if let reason = unusable(software) { throw none("\(kvmReason); \(reason)") }
            return software
        }
    }

    /// Why a backend cannot be used; nil if it can.
    private static func unusable(_ hypervisor: any Hypervisor) -> String? {
        do throws(HypervisorError) {
            try hypervisor.probe()
            return nil
        } catch {
            return "\(hypervisor.name): \(explain(error))"
        }
    }

    private static func none(_ reasons: String) -> SandboxError {
        SandboxError(.noHypervisor, "no backend can run a guest here: \(reasons)")
    }

    /// What is wrong, and what to do.
    static func explain(_ error: HypervisorError) -> String {
        switch error {
        case .unavailable(.deviceMissing):
            "/dev/kvm is missing. Load the module (modprobe kvm_intel or kvm_amd), turn on virtualization in the firmware "
                + "or for this cloud machine, or pass --device /dev/kvm to the container"
        case .unavailable(.noPermission):
            "/dev/kvm may not be opened by this user. Run `sudo usermod -aG kvm $USER`, then log in again"
        case .unavailable(.noUsableCPUMode):
            "a guest boots, but this kernel's KVM cannot execute ordinary code at CPL 3. Use another machine or the "
                + "emulator"
        case .unavailable(.missingCapability(let name)):
            "the kernel lacks \(name). Use a newer kernel or the emulator"
        case .unavailable(.notLinked):
            "the program does not link it. Add the product VitrineEmulator to its target, and `import VitrineEmulator`"
        case .systemCall(let name, let errno):
            "\(name) failed: \(FileBytes.describe(errno: errno))"
        default:
            "\(error)"
        }
    }

    private static var environmentValue: String? {
        // SAFETY: the text is copied at once. As ever, nobody may call setenv at the same time.
        guard let value = unsafe getenv(variable) else { return nil }
        let text = unsafe String(cString: value)
        return text.isEmpty ? nil : text
    }
}
