// SPDX-License-Identifier: MIT OR Apache-2.0

/// What is left of a call's telemetry limits.
struct TelemetryBudget: Sendable {
    private let limits: SandboxLimits
    private var records = 0
    private var bytes = 0
    private var printBytes = 0

    init(_ limits: SandboxLimits) {
        self.limits = limits
        renew()
    }

    /// A new call begins.
    mutating func renew() {
        records = max(0, limits.telemetryRecordsPerCall)
        bytes = max(0, limits.telemetryBytesPerCall)
        printBytes = max(0, limits.printBytesPerCall)
    }

    /// Takes one record out of the budget; false if it is used up.
    mutating func takeRecord(byteCount: Int) -> Bool {
        guard records > 0, bytes >= byteCount else { return false }
        records -= 1
        bytes -= byteCount
        return true
    }

    /// Takes printed text out of the budget; false if it does not fit, and then nothing more will.
    mutating func takePrint(byteCount: Int) -> Bool {
        guard printBytes >= byteCount else {
            printBytes = 0
            return false
        }
        printBytes -= byteCount
        return true
    }
}
