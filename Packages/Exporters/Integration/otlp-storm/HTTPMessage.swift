// SPDX-License-Identifier: MIT OR Apache-2.0

/// As much of HTTP/1.1 as the two ends in this program use: a head, and a body whose length it says.
struct HTTPMessage {
    /// The first line.
    var line = ""
    var body: [UInt8] = []

    /// Reads the next message of a connection; what comes behind it stays in the buffer. Nil at the end.
    static func read(from socket: Socket, _ buffer: inout [UInt8], _ scratch: inout [UInt8]) -> HTTPMessage? {
        var searched = 0
        while true {
            if let end = endOfHead(buffer, from: max(0, searched - 3)) {
                let lines = String(decoding: buffer[..<end], as: UTF8.self).split(separator: "\r\n")
                let length = lines.lazy.compactMap { line -> Int? in
                    let parts = line.split(separator: ":", maxSplits: 1)
                    guard parts.count == 2, parts[0].lowercased() == "content-length" else { return nil }
                    return Int(parts[1].drop { $0 == " " })
                }.first
                guard let first = lines.first, let length, length >= 0, length < 1 << 30 else { return nil }
                while buffer.count < end + 4 + length {
                    guard socket.receive(into: &buffer, &scratch) else { return nil }
                }
                let message = HTTPMessage(line: String(first), body: Array(buffer[(end + 4)..<(end + 4 + length)]))
                buffer.removeSubrange(..<(end + 4 + length))
                return message
            }
            searched = buffer.count
            guard socket.receive(into: &buffer, &scratch) else { return nil }
        }
    }

    private static func endOfHead(_ bytes: [UInt8], from start: Int) -> Int? {
        guard bytes.count >= 4 else { return nil }
        for index in start...(bytes.count - 4)
        where bytes[index] == 13 && bytes[index + 1] == 10 && bytes[index + 2] == 13 && bytes[index + 3] == 10 {
            return index
        }
        return nil
    }
}
