// SPDX-License-Identifier: MIT OR Apache-2.0

import Synchronization

@testable import VitrineOTLPExport

/// A pipeline that a transport ends while it is called.
final class PipelineBox: Sendable {
    private let pipeline = Mutex<ExportPipeline?>(nil)

    func set(_ pipeline: ExportPipeline) { self.pipeline.withLock { $0 = pipeline } }

    func end() {
        guard let pipeline = pipeline.withLock({ $0 }) else { return }
        pipeline.beginShutdown(until: 0)
        _ = pipeline.endShutdown()
    }
}
