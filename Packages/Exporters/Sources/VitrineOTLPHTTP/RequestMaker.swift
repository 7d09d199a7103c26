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

        /// The bytes as one member of gzip; nil if zlib fails.
        mutating func compress(_ bytes: [UInt8]) -> ByteBuffer? {
            output.removeAll(keepingCapacity: true)
            do throws(GzipError) { try encoder.append(bytes.span, to: &output) } catch { return nil }
            return ByteBuffer(bytes: output)
        }
    }

    let url: ReceiverURL
    private let request: HTTPClient.Request
    /// nil where bodies go out as they are.
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
        switch target.compression {
        case .none: compressor = Mutex(nil)
        case .gzip:
            do throws(GzipError) { compressor = Mutex(Compressor(encoder: try GzipEncoder())) } catch {
                throw .noMemory
            }
        }
    }

    /// A request with this body.
    func request(_ body: [UInt8]) -> HTTPClient.Request {
        var request = request
        if let compressed = compressor.withLock({ $0?.compress(body) }) {
            request.body = .byteBuffer(compressed)
            request.headers.add(name: "Content-Encoding", value: "gzip")
        } else {
            request.body = .byteBuffer(ByteBuffer(bytes: body))
        }
        return request
    }
}
