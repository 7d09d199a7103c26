// SPDX-License-Identifier: MIT OR Apache-2.0

import CZlib

/// What was in one gzip member.
package struct GzipDecoded: Sendable, Hashable {
    /// How the decoder came to an end.
    package enum End: Sendable, Hashable {
        /// The member is whole, and so many bytes follow it.
        case whole(trailingByteCount: Int)
        /// There is more than was allowed.
        case limited
        /// The member is cut off.
        case unfinished
    }

    /// The bytes, as far as they could be decoded.
    package let bytes: [UInt8]
    /// Why there are no more.
    package let end: End
}

/// Decompresses what receivers answer.
package enum GzipDecoder {
    /// Decodes the first gzip member of some bytes, to a number of bytes at most. Any bytes give a value or an error.
    package static func decode(
        _ input: Swift.Span<UInt8>, maximumByteCount: Int
    ) throws(GzipError) -> GzipDecoded {
        // SAFETY, of all below: the stream has memory of its own, released when all is done, as zlib wants it to stay in its
        // place. The pointers in it are those of buffers that are alive during each call of `inflate`.
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        defer { unsafe stream.deallocate() }
        var code = unsafe inflateInit2_(stream, MAX_WBITS + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        guard code == Z_OK else { throw code == Z_MEM_ERROR ? .noMemory : .zlib(code: code) }
        defer { unsafe inflateEnd(stream) }
        var bytes: [UInt8] = []
        // One more than is allowed, to see whether there is more.
        let limit = max(0, maximumByteCount) + 1
        let known = input.extracting(first: Int(UInt32.max))
        unsafe known.withUnsafeBufferPointer { input in
            unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
            unsafe stream.pointee.avail_in = UInt32(input.count)
            while code == Z_OK && bytes.count < limit {
                bytes.append(addingCapacity: min(limit - bytes.count, stepByteCount)) { output in
                    unsafe output.withUnsafeMutableBufferPointer { buffer, count in
                        let room = UInt32(buffer.count - count)
                        unsafe stream.pointee.next_out = buffer.baseAddress.map { unsafe $0 + count }
                        unsafe stream.pointee.avail_out = room
                        code = unsafe inflate(stream, Z_NO_FLUSH)
                        count += unsafe Int(room - stream.pointee.avail_out)
                    }
                }
            }
        }
        if bytes.count == limit {
            bytes.removeLast()
            return GzipDecoded(bytes: bytes, end: .limited)
        }
        switch code {
        case Z_STREAM_END:
            return GzipDecoded(bytes: bytes, end: .whole(trailingByteCount: unsafe Int(stream.pointee.avail_in)))
        case Z_BUF_ERROR: return GzipDecoded(bytes: bytes, end: .unfinished)
        case Z_MEM_ERROR: throw .noMemory
        default: throw .zlib(code: code)
        }
    }

    private static let stepByteCount = 16 << 10
}
