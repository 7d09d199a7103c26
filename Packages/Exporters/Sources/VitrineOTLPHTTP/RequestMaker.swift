// SPDX-License-Identifier: MIT OR Apache-2.0

internal import AsyncHTTPClient
internal import NIOCore
internal import NIOHTTP1
internal import Synchronization
internal import VitrineGzip

/// Makes the requests to one target, of what was checked once.
final class RequestMaker: Sendable {
    private struct Compressor: ~Copyable, Sendable {
        var encoder: GzipEncoder
        var output: [UInt8] = []

        init() throws(GzipError) { encoder = try GzipEncoder() }

        /// The bytes as one member of gzip; nil if zlib fails.
        mutating func compress(_ bytes: [UInt8]) -> ByteBuffer? {
            output.removeAll(keepingCapacity: true)
            do throws(GzipError) { try encoder.append(bytes.span, to: &output) } catch { return nil }
            return ByteBuffer(bytes: output)
        }
    }

    let url: ReceiverURL
    private let request: HTTPClient.Request
    private let isCompressed: Bool
    /// Kept from request to request; nil where bodies go out as they are.
    private let compressor: Mutex<Compressor?>

    init(_ target: OTLPHTTPTarget) throws(OTLPHTTPError) {
        url = try ReceiverURL(target.url)
        let headers = try RequestHeaders.make(target)
        let tls = url.isSecure ? try target.tls.configuration() : nil
        do {
            request = try HTTPClient.Request(
                url: url.text, method: .POST, headers: headers, body: nil, tlsConfiguration: tls)
        } catch {
            throw .url(target.url, .character)
        }
        isCompressed = target.compression == .gzip
        do throws(GzipError) { compressor = Mutex(isCompressed ? try Compressor() : nil) } catch { throw .noMemory }
    }

    /// A request with this body.
    func request(_ body: [UInt8]) -> HTTPClient.Request {
        var request = request
        if isCompressed, let compressed = compress(body) {
            request.body = .byteBuffer(compressed)
            request.headers.add(name: "Content-Encoding", value: "gzip")
        } else {
            request.body = .byteBuffer(ByteBuffer(bytes: body))
        }
        return request
    }

    private func compress(_ body: [UInt8]) -> ByteBuffer? {
        if let compressed = compressor.withLockIfAvailable({ $0?.compress(body) }) { return compressed }
        // Another thread is at it, maybe with a large body that was found in a spool. Nobody waits for that.
        var own = try? Compressor()
        return own?.compress(body)
    }
}
