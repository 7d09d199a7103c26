// SPDX-License-Identifier: MIT OR Apache-2.0

import Synchronization

/// A call site without a count of references, which two threads would fight over: 120 ns instead of none.
///
/// Those of the table live for ever; one made for a record of elsewhere is kept alive by whoever made it, for as long as
/// the subscriber is called.
@safe @frozen
@usableFromInline
struct SiteReference: Sendable {
    @usableFromInline
    let site: Unmanaged<CallSite>

    /// A reference to a site that outlives it: by living for ever, or by `withExtendedLifetime` around all uses.
    @inline(__always)
    init(outlivedBy site: CallSite) {
        // SAFETY: what the caller promises.
        unsafe self.site = Unmanaged.passUnretained(site)
    }

    /// The site of an address that `address` of another reference gave.
    @inlinable
    @inline(__always)
    init?(address: UInt) {
        // SAFETY: only the table keeps addresses, of sites that live for ever; 0 is none.
        guard let pointer = unsafe UnsafeRawPointer(bitPattern: address) else { return nil }
        unsafe site = Unmanaged<CallSite>.fromOpaque(pointer)
    }

    /// The address, never 0.
    // SAFETY: the address alone is taken.
    @inlinable
    var address: UInt { unsafe UInt(bitPattern: site.toOpaque()) }

    // SAFETY, of all below: the site outlives the reference, by what its makers say.

    /// The site, counted.
    var callSite: CallSite { unsafe site.takeUnretainedValue() }

    var metadata: Metadata { unsafe site._withUnsafeGuaranteedRef { $0.metadata } }

    var level: Level {
        @inline(__always) get { unsafe site._withUnsafeGuaranteedRef { $0.metadata.level } }
    }

    /// What the installed subscriber thinks of it: the raw value of an `Interest`.
    var interest: UInt8 {
        @inline(__always) get { unsafe site._withUnsafeGuaranteedRef { $0.interest.load(ordering: .relaxed) } }
    }

    /// The site as one that lasts for ever, if it does.
    @inlinable
    var lasting: LastingCallSite? {
        @inline(__always) get {
            unsafe site._withUnsafeGuaranteedRef { $0.isLasting } ? LastingCallSite(self) : nil
        }
    }

    @inline(__always)
    func learnFieldNames(_ fields: Swift.Span<Field>) {
        unsafe site._withUnsafeGuaranteedRef { $0.learnFieldNames(fields) }
    }
}
