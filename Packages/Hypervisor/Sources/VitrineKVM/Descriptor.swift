// SPDX-License-Identifier: MIT OR Apache-2.0

internal import CVitrineKVM
internal import Glibc
internal import VitrineHypervisor

/// A file descriptor of KVM's: the system, a VM or a vCPU. Closes with its owner.
struct Descriptor: ~Copyable {
    /// The number, for the run loop, which may not pay for more.
    let number: Int32

    init(_ number: Int32) { self.number = number }

    deinit { close(number) }

    /// Gives the descriptor to the caller, who closes it.
    consuming func keep() -> Int32 {
        let number = number
        discard self
        return number
    }

    /// A request with a plain argument.
    @discardableResult
    borrowing func control(
        _ name: String, _ request: UInt, _ argument: UInt = 0
    ) throws(HypervisorError) -> Int32 {
        while true {
            let result = vitrine_kvm_ioctl(number, request, argument)
            if result >= 0 { return result }
            // KVM_CREATE_VM is interrupted by any signal and may be tried again.
            guard result == -EINTR else { throw .systemCall(name: name, errno: -result) }
        }
    }

    /// A request that reads or writes a structure of the size the kernel expects.
    @discardableResult
    borrowing func control<Value: BitwiseCopyable>(
        _ name: String, _ request: UInt, _ value: inout Value
    ) throws(HypervisorError) -> Int32 {
        // SAFETY: the request's number fixes the structure's type; each caller passes that type.
        let result = unsafe withUnsafeMutablePointer(to: &value) { pointer in
            unsafe vitrine_kvm_ioctl_pointer(number, request, pointer)
        }
        guard result >= 0 else { throw .systemCall(name: name, errno: -result) }
        return result
    }
}
