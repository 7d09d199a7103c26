// SPDX-License-Identifier: MIT OR Apache-2.0

extension MutableRawSpan {
    /// Copies as many bytes as there are in both; one block copy.
    @_lifetime(self: copy self)
    mutating func copyBytes(of source: RawSpan) {
        let byteCount = Swift.min(source.byteCount, self.byteCount)
        // SAFETY: both buffers have `byteCount` bytes at least, and the pointers do not leave the closures.
        unsafe withUnsafeMutableBytes { target in
            unsafe source.withUnsafeBytes { source in
                guard let from = source.baseAddress, let to = target.baseAddress else { return }
                unsafe to.copyMemory(from: from, byteCount: byteCount)
            }
        }
    }
}
