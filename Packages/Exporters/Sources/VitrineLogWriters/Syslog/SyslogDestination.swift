// SPDX-License-Identifier: MIT OR Apache-2.0

internal import Glibc

/// Where a syslog listens.
public enum SyslogDestination: Sendable, Hashable {
    /// A Unix datagram socket of this machine.
    case unix(path: String)
    /// A UDP port, RFC 5426, of an IPv4 or IPv6 address in numbers: names are not looked up, which could take seconds.
    case udp(address: String, port: UInt16)

    /// The socket that the C library uses.
    public static let local = SyslogDestination.unix(path: "/dev/log")

    /// The address as the kernel takes it: family, then what the family needs.
    ///
    /// - Throws: `ENAMETOOLONG` or `EINVAL`.
    var socketAddress: (family: Int32, bytes: [UInt8]) {
        get throws(LogSinkError) {
            switch self {
            case .unix(let path):
                let name = Array(path.utf8)
                guard !name.isEmpty, !name.contains(0) else { throw LogSinkError(errno: EINVAL) }
                // sun_path has 108 bytes, the last of them a zero.
                guard name.count < 108 else { throw LogSinkError(errno: ENAMETOOLONG) }
                return (AF_UNIX, Self.family(AF_UNIX) + name + [0])
            case .udp(let address, let port):
                let portBytes = [UInt8(port >> 8), UInt8(port & 0xFF)]
                if let four = Self.number(address, AF_INET, byteCount: 4) {
                    return (AF_INET, Self.family(AF_INET) + portBytes + four + [UInt8](repeating: 0, count: 8))
                }
                guard let sixteen = Self.number(address, AF_INET6, byteCount: 16) else {
                    throw LogSinkError(errno: EINVAL)
                }
                // No flow label, no scope.
                let nothing = [UInt8](repeating: 0, count: 4)
                return (AF_INET6, Self.family(AF_INET6) + portBytes + nothing + sixteen + nothing)
            }
        }
    }

    private static func family(_ family: Int32) -> [UInt8] {
        // sa_family_t, in the order of this machine.
        [UInt8(truncatingIfNeeded: family), UInt8(truncatingIfNeeded: family >> 8)]
    }

    private static func number(_ address: String, _ family: Int32, byteCount: Int) -> [UInt8]? {
        guard !address.utf8.contains(0) else { return nil }
        var bytes = [UInt8](repeating: 0, count: byteCount)
        // SAFETY: inet_pton writes 4 bytes for AF_INET and 16 for AF_INET6, which is what the callers ask for.
        return unsafe inet_pton(family, address, &bytes) == 1 ? bytes : nil
    }
}
