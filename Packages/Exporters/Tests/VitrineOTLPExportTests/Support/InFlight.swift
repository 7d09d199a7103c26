// SPDX-License-Identifier: MIT OR Apache-2.0

import VitrineObservability

@testable import VitrineOTLPExport

/// What a thread puts into an intake that it found open, however long it was held up on the way.
final class InFlight {
    private let lane: IntakeLane
    private let intake: RecordIntake

    /// nil if the calling thread cannot have a lane.
    init?(_ pipeline: ExportPipeline) {
        guard let lane = ThreadLanes.lane(of: pipeline.intake) else { return nil }
        self.lane = lane
        intake = pipeline.intake
    }

    func begin(_ context: SpanContext) {
        guard let place = lane.place(IntakeRecords.contextByteCount, textByteCount: 0, intake) else { return }
        IntakeRecords.put(.start, context, at: place)
        lane.commit(place)
    }

    func end(_ span: SpanRecord) {
        span.withView { view in
            let byteCount = IntakeRecords.byteCount(ofSpanWith: view.fields.count, lasting: false)
            guard let place = lane.place(byteCount, textByteCount: 0, intake) else { return }
            IntakeRecords.put(view, view.fields, nil, byteCount: byteCount, at: place)
            lane.commit(place)
        }
    }

    func add(_ event: EventRecord) {
        event.withView { view in
            let byteCount = IntakeRecords.byteCount(ofEventWith: view.fields.count, lasting: false)
            guard let place = lane.place(byteCount, textByteCount: 0, intake) else { return }
            IntakeRecords.put(view, view.context, nil, byteCount: byteCount, at: place)
            lane.commit(place)
        }
    }
}
