// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
import Testing

/// A socket that receives datagrams, as a syslog does.
final class DatagramServer: Sendable {
    let descriptor: Int32
    /// The port it was given; 0 for a Unix socket.
    let port: UInt16

    private init(_ descriptor: Int32, port: UInt16) {
        self.descriptor = descriptor
        self.port = port
    }

    deinit { close(descriptor) }

    static func unix(path: String) throws -> DatagramServer {
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        try #require(path.utf8.count < 100)
        // SAFETY: the path was just found to be shorter than sun_path; the address is a local of its type.
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path.utf8) }
        try #require(bind(descriptor, &address, MemoryLayout<sockaddr_un>.size) == 0)
        return DatagramServer(descriptor, port: 0)
    }

    static func udp() throws -> DatagramServer {
        let descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        try #require(bind(descriptor, &address, MemoryLayout<sockaddr_in>.size) == 0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        // SAFETY: the kernel fills a local of the type that a socket of its family has.
        let result = unsafe withUnsafeMutablePointer(to: &address) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe getsockname(descriptor, $0, &length) }
        }
        try #require(result == 0)
        return DatagramServer(descriptor, port: UInt16(bigEndian: address.sin_port))
    }

    /// Gives the socket the address of a variable of the type that its family has.
    private static func bind<Address>(_ descriptor: Int32, _ address: inout Address, _ byteCount: Int) -> Int32 {
        // SAFETY: read inside of the call only, as many bytes as the type has.
        unsafe withUnsafePointer(to: &address) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe Glibc.bind(descriptor, $0, socklen_t(byteCount))
            }
        }
    }

    /// The next datagram; nil if none comes within five minutes.
    func receive() -> [UInt8]? {
        var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        // SAFETY: one local of its type.
        guard unsafe poll(&waiting, 1, 300_000) == 1 else { return nil }
        var bytes = [UInt8](repeating: 0, count: 65_536)
        // SAFETY: receives at most as many bytes as the array has.
        let count = unsafe recv(descriptor, &bytes, bytes.count, 0)
        return count >= 0 ? Array(bytes.prefix(count)) : nil
    }
}
