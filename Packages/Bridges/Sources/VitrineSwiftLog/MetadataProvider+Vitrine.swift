// SPDX-License-Identifier: MIT OR Apache-2.0

public import Logging
public import VitrineObservability

extension Logger.MetadataProvider {
    /// Gives the records of any handler the identifiers of the span they are made in: `trace_id` and `span_id`, the
    /// digits of W3C trace context. Nothing outside of spans.
    ///
    ///     LoggingSystem.bootstrap(StreamLogHandler.standardError, metadataProvider: .vitrine)
    public static var vitrine: Logger.MetadataProvider { vitrine { SpanContext.current } }

    /// The same with another notion of the current span, such as `SpanContext.innermost` of `VitrineSwiftTracing`.
    public static func vitrine(
        currentSpan: @escaping @Sendable () -> SpanContext?
    ) -> Logger.MetadataProvider {
        Logger.MetadataProvider {
            guard let context = currentSpan() else { return [:] }
            return [
                RecordKey.traceID: .string(context.traceID.description),
                RecordKey.spanID: .string(context.spanID.description),
            ]
        }
    }
}
