// SPDX-License-Identifier: MIT OR Apache-2.0

extension OpenTelemetryConfiguration {
    /// Takes what variables say over what is set here. What they do not mention stays; on an error all does.
    public mutating func apply(environment: [String: String]) throws(OpenTelemetryConfigurationError) {
    }
}
