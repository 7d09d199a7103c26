// SPDX-License-Identifier: MIT OR Apache-2.0

public import VitrineObservability

/// Who sends: the attributes of the service and of where it runs, the same in all requests.
///
/// Receivers want at least a `service.name`: https://opentelemetry.io/docs/specs/semconv/resource/#service
public struct OTLPResource: Sendable, Hashable {
    /// The attributes; of equal keys the last value counts.
    public var fields: [Field]
    /// Where the names of the attributes are defined, or empty.
    public var schemaURL: String

    /// A resource of its attributes.
    public init(_ fields: [Field], schemaURL: String = "") {
        self.fields = fields
        self.schemaURL = schemaURL
    }

    /// A resource that only has the name of its service.
    public init(serviceName: String) {
        self.init([Field("service.name", serviceName)])
    }
}

/// Which library made the records.
///
/// https://opentelemetry.io/docs/specs/otel/common/instrumentation-scope/
public struct OTLPScope: Sendable, Hashable {
    /// The name of the library.
    public var name: String
    /// Its version, or empty.
    public var version: String
    /// Further attributes.
    public var fields: [Field]
    /// Where the names of the records' attributes are defined, or empty.
    public var schemaURL: String

    /// Vitrine itself, in its version: what made records if nobody says otherwise.
    public static let vitrine = OTLPScope(name: "vitrine", version: VitrineVersion.current)

    /// A scope of all its parts.
    public init(name: String, version: String = "", fields: [Field] = [], schemaURL: String = "") {
        self.name = name
        self.version = version
        self.fields = fields
        self.schemaURL = schemaURL
    }
}
