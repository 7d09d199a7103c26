// SPDX-License-Identifier: MIT OR Apache-2.0

public import VitrineTraceFile

/// A small trace of the sample image.
public enum SampleTrace {
    /// What happens in it, in order.
    public static let records: [TraceRecord] = [
        allocation(1_000_000_000, 0x40_0000, 64, [0x20_0190, 0x20_0120, 0x20_0100]),
        allocation(1_000_001_500, 0x40_1000, 16, [0x20_01D0]),
        .free(TraceFree(timeNanoseconds: 1_000_002_000, address: 0x40_0000, stack: stack([0x20_0190, 0x20_0010]))),
        .free(TraceFree(timeNanoseconds: 1_000_003_000, address: 0xDEAD, stack: .none)),
        allocation(1_000_004_000, 0x40_2000, 100, [0x20_0190, 0x20_0120, 0x20_0100]),
        allocation(3_000_000_000, 0x40_3000, 8, [0x9999_9999]),
        .dropped(count: 5, reason: .guestBufferFull),
    ]

    /// Writes the trace to `path`.
    public static func write(to path: String, buildID: [UInt8] = SampleELF.buildID) throws(TraceFileError) {
        var writer = try TraceFileWriter(path: path, buildID: buildID, epochNanoseconds: 5_000, producer: "sample")
        for record in records {
            switch record {
            case .allocation(let allocation):
                let frames = allocation.stack.frames
                try writer.allocation(
                    timeNanoseconds: allocation.timeNanoseconds,
                    address: allocation.address,
                    byteCount: allocation.byteCount,
                    frames: frames.span
                )
            case .free(let free):
                let frames = free.stack.frames
                try writer.free(timeNanoseconds: free.timeNanoseconds, address: free.address, frames: frames.span)
            case .dropped(let count, let reason):
                try writer.dropped(count: count, reason: reason)
            }
        }
        try writer.close()
    }

    private static func stack(_ frames: [UInt64]) -> TraceStack { .frames(frames, isCut: false) }

    private static func allocation(
        _ time: UInt64, _ address: UInt64, _ byteCount: UInt64, _ frames: [UInt64]
    ) -> TraceRecord {
        .allocation(
            TraceAllocation(timeNanoseconds: time, address: address, byteCount: byteCount, stack: stack(frames)))
    }
}
