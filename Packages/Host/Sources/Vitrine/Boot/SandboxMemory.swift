// SPDX-License-Identifier: MIT OR Apache-2.0

import VitrineHypervisor

/// The sizes of a sandbox's memory regions, in bytes; each is rounded up to whole pages of 4,096, input and output of
/// 1 MiB or more to large pages.
///
/// Memory that the guest never touches costs nothing. The image comes on top.
public struct SandboxMemory: Hashable, Sendable {
    /// Host-to-guest messages: a call's parameters and the replies to host calls.
    public var input: Int
    /// Guest-to-host messages: a call's result and the parameters of host calls.
    public var output: Int
    /// Telemetry the guest can write between two exits; when it is full the guest makes an extra exit.
    public var telemetry: Int
    /// The guest's heap.
    public var heap: Int
    /// The guest's stack.
    public var stack: Int

    /// Sizes of all regions.
    public init(input: Int, output: Int, telemetry: Int, heap: Int, stack: Int) {
        self.input = input
        self.output = output
        self.telemetry = telemetry
        self.heap = heap
        self.stack = stack
    }

    /// What the hypervisor layer calls sensible.
    public static var `default`: SandboxMemory {
        let sizes = MemorySizes.default
        return SandboxMemory(
            input: sizes.input, output: sizes.output, telemetry: sizes.telemetry, heap: sizes.heap, stack: sizes.stack)
    }
}
