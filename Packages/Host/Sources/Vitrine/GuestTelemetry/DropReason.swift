// SPDX-License-Identifier: MIT OR Apache-2.0

/// Why a guest's telemetry record was not delivered: the label `reason` of `guest_telemetry_dropped_total`.
enum DropReason: String, CaseIterable, Sendable {
    /// The guest had no room and said so.
    case guestBufferFull = "guest_buffer_full"
    /// A number is missing in the sequence and nobody says why.
    case lost
    /// The record could not be decoded, or contradicts an earlier one.
    case malformed
    /// More records or bytes in one call than the limits allow.
    case overBudget = "over_budget"
    /// More printed text in one call than the limit allows.
    case printOverBudget = "print_over_budget"
    /// More spans open at one time than the guest ABI allows.
    case openSpans = "open_spans"
}

/// Drops by reason, gathered while records are read and added to the counters in one go.
struct DropCounts: Sendable {
    /// The most that one look at the guest's numbers may add: they are its own, and may be lies.
    private static let maximumClaim: UInt64 = 1 << 32

    private(set) var counts = [UInt64](repeating: 0, count: DropReason.allCases.count)
    private(set) var isEmpty = true

    /// Counts records dropped for a reason.
    mutating func add(_ count: UInt64, _ reason: DropReason) {
        guard count > 0, let index = DropReason.allCases.firstIndex(of: reason) else { return }
        counts[index] &+= min(count, Self.maximumClaim)
        isEmpty = false
    }

    /// How many for a reason.
    func count(_ reason: DropReason) -> UInt64 {
        DropReason.allCases.firstIndex(of: reason).map { counts[$0] } ?? 0
    }

    /// Begins anew.
    mutating func reset() {
        for index in counts.indices { counts[index] = 0 }
        isEmpty = true
    }
}
