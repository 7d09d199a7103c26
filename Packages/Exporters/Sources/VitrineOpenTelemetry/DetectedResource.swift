// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
import VitrineOTLP
import VitrineObservability

/// What a process says of itself, where the program and the environment say nothing.
///
/// https://opentelemetry.io/docs/specs/semconv/resource/
enum DetectedResource {
    /// The given attributes, and before them those that were found out and are not given.
    static func resource(_ given: [Field], detecting: Bool) -> OTLPResource {
        let keys = Set(given.map(\.key))
        let found = detecting ? attributes : [Field("service.name", unknownServiceName)]
        return OTLPResource(found.filter { !keys.contains($0.key) } + given)
    }

    /// A new identity of the instance with each call.
    private static var attributes: [Field] {
        var fields = [
            Field("service.name", unknownServiceName),
            Field("service.instance.id", randomIdentifier()),
            Field("telemetry.sdk.name", "vitrine"),
            Field("telemetry.sdk.language", "swift"),
            Field("telemetry.sdk.version", VitrineVersion.current),
            Field("process.pid", Int64(getpid())),
        ]
        if let name = executableName { fields.append(Field("process.executable.name", name)) }
        if let name = HostName.current { fields.append(Field("host.name", name)) }
        return fields
    }

    private static var unknownServiceName: String {
        executableName.map { "unknown_service:\($0)" } ?? "unknown_service"
    }

    /// The last part of what the program was called as.
    private static var executableName: String? {
        guard let name = CommandLine.arguments.first?.split(separator: "/").last else { return nil }
        return String(name)
    }

    /// A random UUID, version 4.
    ///
    /// https://www.rfc-editor.org/rfc/rfc9562#section-5.4
    static func randomIdentifier() -> String {
        let high = UInt64.random(in: .min ... .max) & ~0xF000 | 0x4000
        let low = UInt64.random(in: .min ... .max) & ~(0b11 << 62) | 0b10 << 62
        let digits = digits(high) + digits(low)
        var text = ""
        for (index, digit) in digits.enumerated() {
            if [8, 12, 16, 20].contains(index) { text += "-" }
            text.append(digit)
        }
        return text
    }

    private static func digits(_ number: UInt64) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }
}
