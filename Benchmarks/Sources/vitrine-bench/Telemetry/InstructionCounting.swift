// SPDX-License-Identifier: MIT OR Apache-2.0

import ArgumentParser

/// What Tools/recipes/instructions.sh asks for: to do one side of a case so many times, timing nothing, under a tool that
/// counts instructions from outside.
struct InstructionCounting: ParsableArguments {
    @Option(help: "Run the loop of one figure so many times, and measure nothing.")
    var operations: Int?

    @Option(help: "Which loop of it: subject, peer or empty.")
    var side: LoopCase.Side = .subject

    @Flag(help: "List the loops: name, operations to count, the bound of its instructions or -, and its sides.")
    var listLoops = false

    func validate() throws {
        if let operations, !(0...1_000_000_000 ~= operations) {
            throw ValidationError("--operations wants 0 to 1000000000")
        }
    }

    /// Does what is asked for with the chosen figures; false if nothing is.
    func run(_ chosen: [BenchmarkCase]) throws -> Bool {
        let loops = chosen.compactMap { benchmark -> LoopCase? in
            if case .loop(let loop) = benchmark.work { loop } else { nil }
        }
        if listLoops {
            for loop in loops { print(loop.line) }
            return true
        }
        guard let operations else { return false }
        guard loops.count == 1 else { throw Problem("--operations wants the name of one figure of telemetry") }
        for loop in loops { loop.run(side, operations: operations) }
        return true
    }
}

extension LoopCase.Side: ExpressibleByArgument {}

extension LoopCase {
    /// What the script has to know of it, separated by blanks.
    fileprivate var line: String {
        let sides = prepare()
        defer { sides.finish() }
        var words = [
            name, String(countedOperations), instructionLimit.map { String($0) } ?? "-", Side.subject.rawValue,
        ]
        if sides.empty != nil { words.append(Side.empty.rawValue) }
        if sides.peer != nil { words.append(Side.peer.rawValue) }
        return words.joined(separator: " ")
    }
}
