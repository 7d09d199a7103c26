// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc

/// A path in the temporary folder that goes away with the value.
struct TemporaryFile: ~Copyable {
    let path: String

    init() {
        path = "/tmp/vitrine-tracefile-\(getpid())-\(UInt64.random(in: 0 ... .max)).trace"
    }

    deinit {
        // SAFETY: the string's bytes live through the call.
        unsafe unlink(path)
    }

    /// The whole file.
    func bytes() -> [UInt8] {
        // SAFETY: the string's bytes live through the call.
        let descriptor = unsafe open(path, O_RDONLY)
        guard descriptor >= 0 else { return [] }
        defer { close(descriptor) }
        return Self.drain(descriptor)
    }

    /// All there is to read now.
    static func drain(_ descriptor: Int32) -> [UInt8] {
        var result: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            // SAFETY: the buffer is as large as the count says.
            let count = unsafe read(descriptor, &buffer, buffer.count)
            guard count > 0 else { return result }
            result += buffer[0..<count]
        }
    }
}
