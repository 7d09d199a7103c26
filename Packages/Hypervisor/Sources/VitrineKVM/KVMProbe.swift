// SPDX-License-Identifier: MIT OR Apache-2.0

@_spi(Backend) internal import VitrineHypervisor

/// Boots a guest of a few instructions to see whether ordinary code can run at CPL 3 here.
enum KVMProbe {
    /// The answer of the first probe of this process.
    static let result: Result<Void, HypervisorError> = Result { () throws(HypervisorError) in
        let system = try KVMSystem.shared.get()
        try ProbeGuest.run { (memory, entry) throws(HypervisorError) in
            KVMMachineHandle(try KVMMachine(system, memory: memory, entry: entry))
        }
    }
}
