// SPDX-License-Identifier: MIT OR Apache-2.0

/// On which side of the boundary a span or an event happened.
@frozen
public enum SpanOrigin: Sendable, Hashable {
    /// In this process, by trusted code.
    case host
    /// In a sandbox: names, messages and fields are the guest's words, bounded but not trusted.
    case guest
}

/// The role of a span between processes, as OpenTelemetry defines it.
///
/// https://opentelemetry.io/docs/specs/otel/trace/api/#spankind
@frozen
public enum SpanKind: Sendable, Hashable, CaseIterable {
    /// Work inside this process.
    case `internal`
    /// The serving side of a request.
    case server
    /// The asking side of a request.
    case client
    /// Hands on work that is done later.
    case producer
    /// Does work that was handed on.
    case consumer
}

/// How a span ended.
public enum SpanStatus: Sendable, Hashable {
    /// Nothing was said, which is what success looks like in OpenTelemetry.
    case unset
    /// Somebody said that it went well: exporters may not look for errors in it.
    case ok
    /// It failed, with a description.
    case error(String)
}

/// Ties a span to another that is not its parent, for example to each message of a batch.
///
/// https://opentelemetry.io/docs/specs/otel/overview/#links-between-spans
public struct SpanLink: Sendable, Hashable {
    /// The other span.
    public let context: SpanContext
    /// What is said about the tie.
    public let fields: [Field]

    /// A link to a span.
    public init(_ context: SpanContext, _ fields: [Field] = []) {
        self.context = context
        self.fields = fields
    }
}
