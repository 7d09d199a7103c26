// SPDX-License-Identifier: MIT OR Apache-2.0

internal import Glibc
internal import NIOSSL

/// A file of TLS that was read.
struct TLSFile: Sendable {
    let path: String
    private let bytes: [UInt8]

    private static let maximumByteCount = 1 << 20

    init(_ path: String) throws(OTLPHTTPError) {
        self.path = path
        // Without waiting, lest a pipe that nobody writes to stops the program.
        // SAFETY: the path is a C string for the call's time.
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw .tlsFile(path: path, .unreadable(code: errno)) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var step = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            // SAFETY: the buffer is filled during the call and has the size that it says.
            let count = unsafe step.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
            if count == 0 { break }
            guard count > 0 else {
                if errno == EINTR { continue }
                throw .tlsFile(path: path, .unreadable(code: errno))
            }
            bytes += step.prefix(count)
            if bytes.count > Self.maximumByteCount { throw .tlsFile(path: path, .tooLarge) }
        }
        self.bytes = bytes
    }

    func certificates() throws(OTLPHTTPError) -> [NIOSSLCertificate] {
        guard let certificates = try? NIOSSLCertificate.fromPEMBytes(bytes), !certificates.isEmpty else {
            throw .tlsFile(path: path, .noCertificate)
        }
        return certificates
    }

    func key() throws(OTLPHTTPError) -> NIOSSLPrivateKey {
        // What PEM calls locked is either in the line it begins with or in one of its own.
        if String(decoding: bytes, as: UTF8.self).contains("ENCRYPTED") { throw .tlsFile(path: path, .encryptedKey) }
        do { return try NIOSSLPrivateKey(bytes: bytes, format: .pem) } catch {
            throw .tlsFile(path: path, .noKey)
        }
    }
}

extension OTLPTLS {
    /// What these files say, once they have been read and fit each other.
    func configuration() throws(OTLPHTTPError) -> TLSConfiguration {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        if let rootCertificatesFile {
            configuration.trustRoots = .certificates(try TLSFile(rootCertificatesFile).certificates())
        }
        switch (clientCertificateFile, clientKeyFile) {
        case (nil, nil): return configuration
        case (let path?, nil), (nil, let path?): throw .tlsFile(path: path, .alone)
        case (let certificatePath?, let keyPath?):
            let certificates = try TLSFile(certificatePath).certificates()
            configuration.certificateChain = certificates.map { .certificate($0) }
            configuration.privateKey = .privateKey(try TLSFile(keyPath).key())
            // Here and not at the first request it turns out whether they belong together.
            do { _ = try NIOSSLContext(configuration: configuration) } catch {
                throw .tlsFile(path: keyPath, .otherCertificate(file: certificatePath))
            }
            return configuration
        }
    }
}
