// SPDX-License-Identifier: MIT OR Apache-2.0

/// How many bytes of each region a guest gets. A memory map rounds each up to whole pages.
public struct MemorySizes: Hashable, Sendable {
    /// Messages to the guest, in bytes. The longest message fits in here. From 1 MiB on rounded up to 128 KiB and a
    /// multiple of 2 MiB.
    public var input: Int
    /// Messages from the guest, in bytes, the 64 bytes of the mailbox included. From 1 MiB on rounded up, by less than
    /// 4 MiB of address space, so that output and heap both have whole large pages.
    public var output: Int
    /// Telemetry records, in bytes, the header included. A small region costs exits, never records.
    public var telemetry: Int
    /// The guest's heap in bytes.
    public var heap: Int
    /// The guest's stack in bytes.
    public var stack: Int

    /// Makes sizes; what is left out has the value of `default`.
    public init(
        input: Int = 128 << 10, output: Int = 128 << 10, telemetry: Int = 128 << 10, heap: Int = 2176 << 10,
        stack: Int = 256 << 10
    ) {
        self.input = input
        self.output = output
        self.telemetry = telemetry
        self.heap = heap
        self.stack = stack
    }

    /// 128 KiB each of input, output and telemetry, 256 KiB stack, and a heap of 128 KiB and 2 MiB: one large page.
    public static let `default` = MemorySizes()
}
