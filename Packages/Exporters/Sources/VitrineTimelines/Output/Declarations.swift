// SPDX-License-Identifier: MIT OR Apache-2.0

/// Which processes, lanes and counters the file knows. After a failed write it may know none of them any more.
struct Declarations: Sendable {
    private var epoch = 0
    private var processes: [Int] = []
    private var lanes: [[Int]] = []
    private var counters: [Int] = []

    /// Forgets all if there were other failures than so many.
    mutating func checkEpoch(_ current: Int) {
        guard current != epoch else { return }
        epoch = current
        processes = []
        lanes = []
        counters = []
    }

    func knows(process: Int) -> Bool { process < processes.count && processes[process] != 0 }

    func knows(_ place: LanePlace) -> Bool {
        place.process < lanes.count && place.lane + 1 < lanes[place.process].count
            && lanes[place.process][place.lane + 1] != 0
    }

    func knows(counter: Int) -> Bool { counter < counters.count && counters[counter] != 0 }

    mutating func add(process: Int) { Self.mark(process, in: &processes) }

    mutating func add(_ place: LanePlace) {
        while lanes.count <= place.process { lanes.append([]) }
        Self.mark(place.lane + 1, in: &lanes[place.process])
    }

    mutating func add(counter: Int) { Self.mark(counter, in: &counters) }

    private static func mark(_ index: Int, in list: inout [Int]) {
        while list.count <= index { list.append(0) }
        list[index] = 1
    }
}
