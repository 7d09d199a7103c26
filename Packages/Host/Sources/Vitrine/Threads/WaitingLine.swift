// SPDX-License-Identifier: MIT OR Apache-2.0

/// First in, first out, with a way out for those who give up. Holds on to nothing that has left it.
struct WaitingLine<Element> {
    /// Nil for those who have left by the front; they are cut off together, so that each costs O(1).
    private var places: [Element?] = []
    private var first = 0

    /// How many wait.
    var count: Int { places.count - first }

    /// Joins the line.
    mutating func append(_ element: Element) {
        places.append(element)
    }

    /// The one who has waited longest leaves; nil if nobody waits.
    @inline(never)
    mutating func popFirst() -> Element? {
        guard first < places.count else { return nil }
        let element = places[first].take()
        first += 1
        cutOff()
        return element
    }

    /// The first one of whom this is true leaves; O(n).
    mutating func remove(where isMeant: (Element) -> Bool) -> Element? {
        guard let index = places[first...].firstIndex(where: { $0.map(isMeant) ?? false }) else { return nil }
        let element = places.remove(at: index)
        cutOff()
        return element
    }

    private mutating func cutOff() {
        guard first == places.count || first >= 64 else { return }
        places.removeFirst(first)
        first = 0
    }
}
