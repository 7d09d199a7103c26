// SPDX-License-Identifier: MIT OR Apache-2.0

/// A span as a file has it.
struct Slice: Equatable {
    let name: String
    let category: String
    let process: String
    let lane: String
    /// Nanoseconds since `MadeSpan.base`.
    let start: Int64
    /// Nil for one that is open.
    let end: Int64?
    /// By their whole keys, arrays with their elements' numbers.
    let arguments: [String: String]
    /// How many slices of its lane it is inside of, as viewers find out.
    var depth = 0

    /// The slices with their depths, if on each lane each pair is inside or outside of each other; else nil.
    ///
    /// They are given in the order of the file, which decides where two begin at the same time.
    static func nested(_ slices: [Slice]) -> [Slice]? {
        var result: [Slice] = []
        for lane in Set(slices.map { $0.process + "/" + $0.lane }) {
            var open: [Slice] = []
            let ofLane = slices.filter { $0.process + "/" + $0.lane == lane }
            let order = ofLane.enumerated().sorted { ($0.element.start, $0.offset) < ($1.element.start, $1.offset) }
            for (_, slice) in order {
                open.removeAll { ($0.end ?? .max) <= slice.start && !($0.end == slice.end && $0.start == slice.start) }
                for around in open where (around.end ?? .max) < (slice.end ?? .max) { return nil }
                var placed = slice
                placed.depth = open.count
                result.append(placed)
                open.append(slice)
            }
        }
        return result.sorted { ($0.start, $0.depth) < ($1.start, $1.depth) }
    }
}
