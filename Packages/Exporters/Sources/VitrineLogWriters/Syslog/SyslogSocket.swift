// SPDX-License-Identifier: MIT OR Apache-2.0

internal import Glibc
internal import Synchronization

/// A datagram socket to a syslog: never waits, connects again when the syslog was restarted, counts what it loses.
final class SyslogSocket: Sendable {
    private struct State: ~Copyable {
        /// -1 while there is none.
        var descriptor: Int32 = -1
        var losses = LineLosses()
        deinit { if descriptor >= 0 { close(descriptor) } }
    }

    private let family: Int32
    private let address: [UInt8]
    private let state = Mutex(State())

    init(_ destination: SyslogDestination) throws(LogSinkError) {
        (family, address) = try destination.socketAddress
    }

    var losses: LineLosses { state.withLock { $0.losses } }

    /// Sends one message as one datagram.
    func send(_ message: Swift.Span<UInt8>) {
        state.withLock { state in
            var number = state.descriptor < 0 ? connect(&state) : 0
            if number == 0 { number = send(message, state.descriptor) }
            if number == ECONNREFUSED || number == ECONNRESET || number == ENOTCONN || number == EPIPE {
                if family == AF_UNIX {
                    // The syslog has gone, and perhaps another has come: the socket stays bound to the one it knew.
                    number = connect(&state)
                } else {
                    // The answer to an earlier message, which was lost; it says nothing about this one.
                    state.losses.add(1, errno: number)
                    number = 0
                }
                if number == 0 { number = send(message, state.descriptor) }
            }
            if number != 0 { state.losses.add(1, errno: number) }
        }
    }

    private func send(_ message: Swift.Span<UInt8>, _ descriptor: Int32) -> Int32 {
        // SAFETY: the message is read inside of the call only.
        unsafe message.withUnsafeBytes { bytes in
            while true {
                let flags = Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL)
                if unsafe Glibc.send(descriptor, bytes.baseAddress, bytes.count, flags) >= 0 { return 0 }
                if errno != EINTR { return errno }
            }
        }
    }

    /// Makes a new socket in place of the old; 0, or why there is none.
    private func connect(_ state: inout State) -> Int32 {
        if state.descriptor >= 0 { close(state.descriptor) }
        state.descriptor = -1
        let type = Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        let descriptor = socket(family, type, 0)
        guard descriptor >= 0 else { return errno }
        // SAFETY: the bytes are an address of the family they begin with, read inside of the call only. The kernel copies
        // them and does not mind how they are aligned.
        let result = unsafe address.withUnsafeBytes { bytes in
            unsafe Glibc.connect(
                descriptor, bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self), socklen_t(bytes.count))
        }
        guard result == 0 else {
            let number = errno
            close(descriptor)
            return number
        }
        state.descriptor = descriptor
        return 0
    }
}
