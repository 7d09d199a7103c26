// SPDX-License-Identifier: MIT OR Apache-2.0

/// An intake without a count of references, which threads that emit at once would fight over: 120 ns instead of none.
@safe
struct IntakeReference: Sendable {
    private let intake: Unmanaged<RecordIntake>

    /// A reference that the intake outlives: whoever holds it holds on to the intake as well.
    init(outlivedBy intake: RecordIntake) {
        // SAFETY: what the caller promises.
        unsafe self.intake = .passUnretained(intake)
    }

    /// Lends the intake.
    @inline(__always)
    func lend(_ body: (RecordIntake) -> Void) {
        // SAFETY: the intake is there as long as its holder, who calls this.
        unsafe intake._withUnsafeGuaranteedRef { body($0) }
    }
}
