// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc

/// A TCP socket of this machine's own network, closed at its end. Calls give -1 where they fail.
final class Socket: Sendable {
    let descriptor: Int32

    private init(_ descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }

    private static func address(port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr = in_addr(s_addr: UInt32(0x7F00_0001).bigEndian)
        return address
    }

    private static func withAddress(_ port: UInt16, _ call: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        var address = address(port: port)
        // SAFETY: an IPv4 address is read as the general one, with its own size, during the call.
        return unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe call($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }

    /// A socket that has a port of its own and does not listen yet: whoever connects is refused.
    static func bound() -> Socket? {
        let socket = Socket(Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0))
        // SAFETY: as in `withAddress`.
        return unsafe withAddress(0) { unsafe bind(socket.descriptor, $0, $1) } == 0 ? socket : nil
    }

    /// A socket that is connected to a port.
    static func connected(to port: UInt16) -> Socket? {
        let socket = Socket(Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0))
        // SAFETY: as in `withAddress`.
        guard unsafe withAddress(port, { unsafe connect(socket.descriptor, $0, $1) }) == 0 else { return nil }
        var one: Int32 = 1
        // SAFETY: the kernel reads a local of the size that it is told.
        unsafe setsockopt(socket.descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, 4)
        return socket
    }

    /// The socket's own port.
    var port: UInt16 {
        var address = sockaddr_in()
        var byteCount = socklen_t(MemoryLayout<sockaddr_in>.size)
        // SAFETY: the kernel fills a local of the size that it is told.
        _ = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe getsockname(descriptor, $0, &byteCount)
            }
        }
        return UInt16(bigEndian: address.sin_port)
    }

    func listen() -> Bool { Glibc.listen(descriptor, 16) == 0 }

    /// Waits for somebody who connects; nil if the socket was shut down.
    func accept() -> Socket? {
        let other = Glibc.accept(descriptor, nil, nil)
        return other >= 0 ? Socket(other) : nil
    }

    /// Ends all that is waited for.
    func shutDown() { _ = shutdown(descriptor, Int32(SHUT_RDWR)) }

    /// How long a call waits at most.
    func setTimeout(milliseconds: UInt32) {
        var time = timeval(tv_sec: Int(milliseconds / 1_000), tv_usec: Int(milliseconds % 1_000) * 1_000)
        let byteCount = socklen_t(MemoryLayout<timeval>.size)
        // SAFETY: the kernel reads a local of the size that it is told.
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &time, byteCount)
        // SAFETY: as above.
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &time, byteCount)
    }

    /// Sends all of the bytes; false if the other end has gone.
    func send(_ bytes: [UInt8]) -> Bool {
        // SAFETY: each call reads what is left of the bytes.
        unsafe bytes.withUnsafeBytes { buffer in
            guard let start = buffer.baseAddress else { return true }
            var offset = 0
            while offset < buffer.count {
                let count = unsafe Glibc.send(
                    descriptor, start + offset, buffer.count - offset, Int32(MSG_NOSIGNAL))
                guard count > 0 else { return false }
                offset += count
            }
            return true
        }
    }

    /// Appends what has come; false at the end, on an error and after the time for it.
    func receive(into bytes: inout [UInt8], _ scratch: inout [UInt8]) -> Bool {
        // SAFETY: the kernel writes into the buffer that it is told the size of.
        let count = unsafe scratch.withUnsafeMutableBytes { unsafe recv(descriptor, $0.baseAddress, $0.count, 0) }
        guard count > 0 else { return false }
        bytes += scratch[..<count]
        return true
    }
}
