// SPDX-License-Identifier: MIT OR Apache-2.0

extension OTLPHTTPTarget {
    /// Throws what would be wrong with the address, were a transport made of the target.
    package func checkAddress() throws(OTLPHTTPError) { _ = try ReceiverURL(url) }

    /// Throws what would be wrong with the headers.
    package func checkHeaders() throws(OTLPHTTPError) { _ = try RequestHeaders.make(self) }
}
