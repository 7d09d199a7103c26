// SPDX-License-Identifier: MIT OR Apache-2.0

/// A call site that is never released, as a trivial value of eight bytes: for subscribers that keep what they are lent in
/// memory of their own, where counting references would have threads fight over one counter.
public struct LastingCallSite: Sendable, Hashable, BitwiseCopyable {
    @usableFromInline
    let address: UInt

    @inlinable
    @inline(__always)
    init(_ reference: SiteReference) {
        address = reference.address
    }

    /// Name, target, level and place in the code. Counts references of its texts.
    public var metadata: Metadata {
        guard let reference = SiteReference(address: address) else {
            preconditionFailure("a call site has an address")
        }
        return reference.metadata
    }
}

extension SpanView {
    /// What the span was made with, if that lasts for ever; nil for a record made elsewhere, whose metadata has to be copied.
    @inlinable
    public var lastingCallSite: LastingCallSite? { site.lasting }
}

extension EventView {
    /// What the event was made with, likewise.
    @inlinable
    public var lastingCallSite: LastingCallSite? { site.lasting }
}
