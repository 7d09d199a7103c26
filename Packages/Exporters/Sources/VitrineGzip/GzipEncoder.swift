// SPDX-License-Identifier: MIT OR Apache-2.0

import CZlib

/// Compresses one body after the other, each to one gzip member.
///
/// It keeps its state of about 270 KB from body to body, since setting it up costs as much as compressing 20 KB. Only one
/// thread may use it at a time.
@safe
public struct GzipEncoder: ~Copyable, Sendable {
    // SAFETY, of all below: the stream has memory of its own, as zlib wants it to stay in its place; it was initialized, and
    // is ended and released with the encoder. What its pointers show it is valid for the one call of `deflate` that follows.
    private nonisolated(unsafe) let stream: UnsafeMutablePointer<z_stream>

    /// How much of the output is filled in one go. What is left of it at the end is wasted.
    private static let stepByteCount = 16 << 10
    /// zlib counts in 32 bits.
    private static let maximumInputStep = 1 << 30

    /// An encoder.
    ///
    /// - Parameter level: how hard it tries, from 1 to 9. For telemetry 3 is as fast as 1 and smaller; 6 takes more than
    ///   twice as long for 9 % less.
    public init(level: Int = 3) throws(GzipError) {
        unsafe stream = try Self.open(level)
    }

    private static func open(_ level: Int) throws(GzipError) -> UnsafeMutablePointer<z_stream> {
        guard (1...9).contains(level) else { throw .level(level) }
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        // 16 more than the largest window: with the header and trailer of gzip.
        let code = unsafe deflateInit2_(
            stream, Int32(level), Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size))
        if code == Z_OK { return unsafe stream }
        unsafe stream.deallocate()
        throw code == Z_MEM_ERROR ? .noMemory : .zlib(code: code)
    }

    deinit {
        unsafe deflateEnd(stream)
        unsafe stream.deallocate()
    }

    /// Appends the bytes as one gzip member, without a name or a time. After an error the output is as it was.
    ///
    /// Allocates only where the output has to grow. Telemetry costs about 3 ns a byte.
    public mutating func append(_ input: Swift.Span<UInt8>, to output: inout [UInt8]) throws(GzipError) {
        let start = output.count
        var code = unsafe deflateReset(stream)
        var offset = 0
        repeat {
            let count = min(input.count - offset, Self.maximumInputStep)
            let step = input.extracting(offset..<offset + count)
            offset += count
            if code == Z_OK { code = deflate(step, isLast: offset == input.count, to: &output) }
        } while offset < input.count && code == Z_OK
        guard code == Z_STREAM_END else {
            output.removeSubrange(start...)
            throw .zlib(code: code)
        }
    }

    /// Compresses a part of the input: `Z_OK` when all of it was taken, `Z_STREAM_END` when it was the last one.
    private mutating func deflate(_ input: Swift.Span<UInt8>, isLast: Bool, to output: inout [UInt8]) -> Int32 {
        unsafe input.withUnsafeBufferPointer { bytes in
            unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: bytes.baseAddress)
            unsafe stream.pointee.avail_in = UInt32(bytes.count)
            var code = Z_OK
            repeat {
                output.append(addingCapacity: Self.stepByteCount) { output in
                    unsafe output.withUnsafeMutableBufferPointer { buffer, count in
                        let room = buffer.count - count
                        unsafe stream.pointee.next_out = buffer.baseAddress.map { unsafe $0 + count }
                        unsafe stream.pointee.avail_out = UInt32(clamping: room)
                        code = unsafe CZlib.deflate(stream, isLast ? Z_FINISH : Z_NO_FLUSH)
                        count += unsafe Int(UInt32(clamping: room) - stream.pointee.avail_out)
                    }
                }
            } while unsafe code == Z_OK && (isLast || stream.pointee.avail_in > 0 || stream.pointee.avail_out == 0)
            // No room was left when all was taken: there is nothing that deflate could do, which is no error.
            return code == Z_BUF_ERROR && !isLast ? Z_OK : code
        }
    }
}
