// SPDX-License-Identifier: MIT OR Apache-2.0

import NIOCore
import VitrineGzip
import VitrineObservability
import VitrinePrometheus

/// Renders one registry for all who scrape it, one scrape after the other.
///
/// An actor, so that scrapes wait without holding a thread, and none of this runs on an event loop. It keeps the memory of the
/// largest text, and of zlib once anybody wants gzip.
actor ScrapeRenderer {
    private let registry: MetricsRegistry
    private let target: PrometheusTarget?
    private let compressionLevel: Int
    private var renderers: [PrometheusFormat: PrometheusRenderer] = [:]
    private var text: [UInt8] = []
    private var compressed: [UInt8] = []
    private var encoder: GzipEncoder?

    init(_ registry: MetricsRegistry, target: PrometheusTarget?, compressionLevel: Int) {
        self.registry = registry
        self.target = target
        self.compressionLevel = compressionLevel
    }

    /// The text as it is now; as one gzip member if that is wanted and zlib can.
    func body(_ format: PrometheusFormat, compressed isWanted: Bool) -> (bytes: ByteBuffer, isCompressed: Bool) {
        var renderer = renderers.removeValue(forKey: format) ?? PrometheusRenderer(registry, as: format, target: target)
        text.removeAll(keepingCapacity: true)
        renderer.render(into: &text)
        renderers[format] = renderer
        if isWanted, compress() { return (ByteBuffer(bytes: compressed), true) }
        return (ByteBuffer(bytes: text), false)
    }

    private func compress() -> Bool {
        compressed.removeAll(keepingCapacity: true)
        do throws(GzipError) {
            // Taken out and put back: a value that cannot be copied is not changed in its place.
            var encoder = if let known = encoder.take() { known } else { try GzipEncoder(level: compressionLevel) }
            try encoder.append(text.span, to: &compressed)
            self.encoder = consume encoder
            return true
        } catch {
            return false
        }
    }
}
