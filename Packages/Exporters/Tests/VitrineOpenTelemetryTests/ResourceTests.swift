// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import Testing
import VitrineOTLP
import VitrineOTLPExport
import VitrineObservability

@testable import VitrineOpenTelemetry

@Suite("OpenTelemetry, resource")
struct ResourceTests {
    private func text(_ key: String, _ fields: [Field]) -> String? {
        guard case .string(let text)? = fields.last(where: { $0.key == key })?.value else { return nil }
        return text
    }

    @Test("says of the process what nobody else says")
    func detected() throws {
        let fields = DetectedResource.resource([Field("a", 1)], detecting: true).fields
        let name = try #require(text("process.executable.name", fields))
        #expect(!name.isEmpty && !name.contains("/"))
        #expect(text("service.name", fields) == "unknown_service:\(name)")
        #expect(text("telemetry.sdk.name", fields) == "vitrine")
        #expect(text("telemetry.sdk.language", fields) == "swift")
        #expect(text("telemetry.sdk.version", fields) == VitrineVersion.current)
        #expect(
            OpenTelemetryConfiguration().export.scope == OTLPScope(name: "vitrine", version: VitrineVersion.current))
        #expect(fields.contains(Field("process.pid", Int64(ProcessInfo.processInfo.processIdentifier))))
        #expect(fields.last == Field("a", 1))
        #expect(Set(fields.map(\.key)).count == fields.count)
    }

    @Test("keeps what is given")
    func given() {
        let given = [Field("service.name", "kitchen"), Field("host.name", "here"), Field("service.instance.id", "1")]
        let fields = DetectedResource.resource(given, detecting: true).fields
        for field in given { #expect(fields.filter { $0.key == field.key } == [field]) }
        #expect(DetectedResource.resource(given, detecting: false).fields == given)
    }

    @Test("always has the name of a service")
    func named() {
        let fields = DetectedResource.resource([], detecting: false).fields
        #expect(fields.map(\.key) == ["service.name"])
        #expect(text("service.name", fields)?.hasPrefix("unknown_service") == true)
    }

    @Test("has another identity with each start, a UUID of version 4")
    func identity() {
        let identifiers = Set((0..<100).map { _ in DetectedResource.randomIdentifier() })
        #expect(identifiers.count == 100)
        for identifier in identifiers {
            #expect(UUID(uuidString: identifier) != nil)
            #expect(identifier.dropFirst(14).first == "4")
            #expect("89ab".contains(identifier.dropFirst(19).first ?? " "))
        }
    }
}
