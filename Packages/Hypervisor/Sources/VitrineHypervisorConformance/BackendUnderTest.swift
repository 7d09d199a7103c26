// SPDX-License-Identifier: MIT OR Apache-2.0

internal import Glibc
public import VitrineHypervisor

/// Which backends the tests of this process run on: the one that `VITRINE_BACKEND` names, else all that work here.
///
/// A backend that is named runs its tests even where it cannot work, so that they fail instead of being skipped.
public enum BackendUnderTest {
    /// Whether the tests of a backend run: it is the one that is named, or none is and its probe passes.
    ///
    /// Costs a probe, a millisecond or two, unless `VITRINE_BACKEND` decides.
    public static func isWanted(_ hypervisor: any Hypervisor) -> Bool {
        if let named { return named == hypervisor.name }
        do throws(HypervisorError) { try hypervisor.probe() } catch { return false }
        return true
    }

    /// What `VITRINE_BACKEND` says, if it is set to more than `automatic`.
    public static var named: String? {
        // SAFETY: the text is copied at once; no test changes the environment.
        guard let value = unsafe getenv("VITRINE_BACKEND") else { return nil }
        let text = unsafe String(cString: value)
        return text.isEmpty || text == "automatic" ? nil : text
    }
}
