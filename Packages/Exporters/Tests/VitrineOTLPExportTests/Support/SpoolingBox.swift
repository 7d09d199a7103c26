// SPDX-License-Identifier: MIT OR Apache-2.0

import Synchronization

@testable import VitrineOTLPExport

/// A pipeline that a transport shuts down while it is called for the so many-th time.
final class SpoolingBox: Sendable {
    private let state = Mutex<(pipeline: ExportPipeline?, count: Int)>((nil, 0))

    func set(_ pipeline: ExportPipeline, atRequest count: Int) { state.withLock { $0 = (pipeline, count) } }

    func end() {
        let pipeline = state.withLock { state in
            state.count -= 1
            return state.count == 0 ? state.pipeline : nil
        }
        pipeline?.beginShutdown(until: 0)
        pipeline?.spoolRest(until: .max)
        _ = pipeline?.endShutdown()
    }
}
