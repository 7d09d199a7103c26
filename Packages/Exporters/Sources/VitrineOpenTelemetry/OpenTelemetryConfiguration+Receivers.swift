// SPDX-License-Identifier: MIT OR Apache-2.0

extension OpenTelemetryConfiguration {
    mutating func applyReceivers(_ reader: inout EnvironmentReader) {
    }
}
