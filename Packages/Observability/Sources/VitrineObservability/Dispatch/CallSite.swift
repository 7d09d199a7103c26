// SPDX-License-Identifier: MIT OR Apache-2.0

import Synchronization

/// A place in the code that makes spans or events, with what is known of it before anything happens.
///
/// Made when something there is first offered to a subscriber, and never released: there are as many as the program's text
/// has. Records made elsewhere, a guest's for example, have one of their own that lives as long as they do.
public final class CallSite: Sendable {
    /// Name, target, level and place.
    public let metadata: Metadata

    /// What the installed subscriber thinks of it: the raw value of an `Interest`.
    let interest: Atomic<UInt8>
    /// Whether it is never released, as one of the program's text.
    @usableFromInline
    let isLasting: Bool
    private let hasFieldNames = Atomic<Bool>(false)
    private let names = Mutex<[String]>([])

    init(_ metadata: Metadata, interest: Interest = .sometimes, isLasting: Bool = false) {
        self.metadata = metadata
        self.isLasting = isLasting
        self.interest = Atomic(interest.rawValue)
    }

    /// The names of the fields it is given, learnt from the first record; empty until then.
    public var fieldNames: [String] { names.withLock { $0 } }

    /// All places that something was offered from so far, in the order in which that happened first.
    public static var all: [CallSite] { CallSiteTable.all }

    @inline(__always)
    func learnFieldNames(_ fields: Swift.Span<Field>) {
        guard !hasFieldNames.load(ordering: .relaxed) else { return }
        keepFieldNames(fields)
    }

    @inline(never)
    private func keepFieldNames(_ fields: Swift.Span<Field>) {
        names.withLock { names in
            guard names.isEmpty else { return }
            for index in fields.indices { names.append(fields[index].key) }
        }
        hasFieldNames.store(true, ordering: .relaxed)
    }
}
