// SPDX-License-Identifier: MIT OR Apache-2.0

import VitrineTraceFile

@testable import Vitrine

/// A trace file, read whole.
struct TraceContents {
    let buildID: [UInt8]
    private(set) var allocations: [TraceAllocation] = []
    private(set) var freeCount = 0
    private(set) var times: [UInt64] = []

    init(_ path: String) throws {
        let reader = try TraceFileReader(parsing: try FileBytes.read(path, maximumByteCount: 64 << 20))
        buildID = reader.header.buildID
        for item in reader {
            guard case .record(let record) = item else { continue }
            switch record {
            case .allocation(let allocation):
                allocations.append(allocation)
                times.append(allocation.timeNanoseconds)
            case .free(let free):
                freeCount += 1
                times.append(free.timeNanoseconds)
            case .dropped: break
            }
        }
    }
}
