// SPDX-License-Identifier: MIT OR Apache-2.0

import Synchronization

extension Telemetry {
    /// The call site, if a record of it is wanted here and now. Nothing of the record has been evaluated yet.
    ///
    /// The first step of off and the key are inlined into the call; the look-up is one call with four words.
    @inlinable
    @inline(__always)
    static func enabledSite(
        _ name: StaticString, _ target: StaticString?, _ level: Level, _ kind: RecordKind, _ file: StaticString,
        _ line: UInt32
    ) -> SiteReference? {
        guard mayBeEnabled(level) else { return nil }
        let key = CallSiteKey(name, target, level, kind, file, line)
        let answer = look(up: key)
        if answer == unknownSite { return addSite(key, name, target, level, kind, file, line) }
        return SiteReference(address: answer)
    }

    /// What `look` answers for a key it does not know: no address of an object.
    @inlinable
    static var unknownSite: UInt { 1 }

    /// The address of the call site of a key if a record of it is wanted, 0 if not, or `unknownSite`.
    @usableFromInline
    @inline(never)
    static func look(up key: CallSiteKey) -> UInt {
        guard let site = CallSiteTable.find(key) else { return unknownSite }
        if scopeCount.load(ordering: .relaxed) == 0 {
            let interest = site.interest
            if interest == Interest.always.rawValue { return site.address }
            if interest == Interest.never.rawValue { return 0 }
        }
        return ask(site)
    }

    /// The same for a subscriber that has to be asked each time, or is one of a scope. Apart, so that the way of all
    /// others needs no stack.
    @inline(never)
    private static func ask(_ site: SiteReference) -> UInt {
        isWanted(site.metadata, in: CurrentSpanSource.current) ? site.address : 0
    }

    @usableFromInline
    @inline(never)
    static func addSite(
        _ key: CallSiteKey, _ name: StaticString, _ target: StaticString?, _ level: Level, _ kind: RecordKind,
        _ file: StaticString, _ line: UInt32
    ) -> SiteReference? {
        // What is emitted here is dropped; and the subscriber cannot be asked while this thread is inside one.
        guard !ThreadState.current.isDelivering else { return nil }
        let site = CallSiteTable.add(key) {
            let file = file.description
            return Metadata(
                name: name.description, target: target?.description ?? String(file.prefix { $0 != "/" }), level: level,
                kind: kind, file: file, line: line)
        } interest: { metadata in
            installedInterest(in: metadata)
        }
        return SiteReference(address: ask(site))
    }
}
