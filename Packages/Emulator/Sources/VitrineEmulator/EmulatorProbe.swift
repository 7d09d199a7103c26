// SPDX-License-Identifier: MIT OR Apache-2.0

@_spi(Backend) internal import VitrineHypervisor

/// Boots a guest of a few instructions to see whether Unicorn works here.
enum EmulatorProbe {
    /// The answer of the first probe of this process.
    static let result: Result<Void, HypervisorError> = Result { () throws(HypervisorError) in
        try ProbeGuest.run { (memory, entry) throws(HypervisorError) in
            try EmulatorMachine(memory: memory, entry: entry)
        }
    }
}
