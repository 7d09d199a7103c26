// SPDX-License-Identifier: MIT OR Apache-2.0

import ArgumentParser
import BenchmarkHarness
import Foundation
import VitrineEmulator

/// The command: which figures, how often, and where the results go.
@main
struct VitrineBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "vitrine-bench",
        abstract: "Measures Vitrine beside a raw-KVM floor written in C, and its telemetry beside other libraries.",
        discussion: """
            Without names every figure is measured. Each compares two things in turns, a small batch of one and a small \
            batch of the other, so trust the ratios; the times are those of this machine today. Where there is no KVM, \
            Vitrine runs on its emulator and the floor is left out.

            The table goes to the terminal, one JSON object a figure to .build/bench.jsonl of the repository.

            EXAMPLES
              just bench
              just bench call_add host_call
              just bench --group telemetry
              just bench --rounds 1000 call_1MiB
              VITRINE_BACKEND=emulator just bench call_add
            """
    )

    @Argument(help: "The figures to measure; --list names them.")
    var names: [String] = []

    @Option(
        help: "Only the figures of a group: \(BenchmarkCase.Group.allCases.map(\.rawValue).joined(separator: " or ")).")
    var group: BenchmarkCase.Group?

    @Flag(help: "List the figures and stop.")
    var list = false

    @Flag(help: "Print the table in Markdown, with machine, backend and date, for docs/benchmarks.md.")
    var markdown = false

    @Flag(help: "Fail (exit code 1) when a goal is missed.")
    var check = false

    @Option(help: "Rounds of each figure, instead of its own number.")
    var rounds: Int?

    @Option(help: "The guest to measure: an ELF file with the functions of simpleguest.")
    var guest: String?

    @Option(help: "The file for the JSON lines.")
    var output: String?

    @OptionGroup(visibility: .hidden)
    var counting: InstructionCounting

    func validate() throws {
        if let rounds, !(1...1_000_000 ~= rounds) { throw ValidationError("--rounds wants 1 to 1000000") }
        let known = BenchmarkCase.all.map(\.name)
        for name in names where !known.contains(name) {
            throw ValidationError("there is no figure \"\(name)\"; there are \(known.joined(separator: ", "))")
        }
    }

    func run() throws {
        let chosen = BenchmarkCase.all.filter {
            (names.isEmpty || names.contains($0.name)) && (group == nil || $0.group == group)
        }
        if list {
            for benchmark in chosen {
                print(benchmark.name.padding(toLength: 30, withPad: " ", startingAt: 0) + benchmark.summary)
            }
            return
        }
        if try counting.run(chosen) { return }
        guard !chosen.isEmpty else { throw Problem("none of these figures is in that group") }
        let layout = RepositoryLayout()
        let surroundings = chosen.contains { $0.group == .calls } ? try makeSurroundings(layout) : nil
        let figures = try chosen.compactMap { benchmark in
            report("measuring \(benchmark.name): \(benchmark.summary)")
            return try measure(benchmark, surroundings)
        }
        show(figures, surroundings)
        try save(figures, surroundings, to: output.map { URL(filePath: $0) } ?? layout?.figuresFile)
        if check, figures.contains(where: { $0.isMet == false }) { throw ExitCode(1) }
    }

    /// The guest and the floor, which the figures of telemetry do without.
    private func makeSurroundings(_ layout: RepositoryLayout?) throws -> Surroundings {
        guard let guestPath = guest ?? layout?.guestPath else {
            throw Problem("no guest is built: run `just build-guests && just move-guests`, or name one by --guest")
        }
        let surroundings = try Surroundings(guestPath: guestPath, rounds: rounds)
        report("backend \(surroundings.backendName), guest \(guestPath)")
        if !surroundings.hasFloor { report("the raw-KVM floor cannot run here: its figures are left out") }
        return surroundings
    }

    private func measure(_ benchmark: BenchmarkCase, _ surroundings: Surroundings?) throws -> Figure? {
        switch benchmark.work {
        case .calls(let measure):
            return try surroundings.map(measure)
        case .loop(let loop):
            let figure = try loop.measure(rounds: rounds ?? LoopCase.defaultRounds)
            if figure == nil { report("two threads did not run at once: \(benchmark.name) is left out") }
            return figure
        }
    }

    private func show(_ figures: [Figure], _ surroundings: Surroundings?) {
        let table = FigureTable(figures)
        guard markdown else {
            print(table.text(isColored: isatty(STDOUT_FILENO) == 1), terminator: "")
            return
        }
        let backend = surroundings.map { "; backend `\($0.backendName)`" } ?? ""
        print("\(Machine.summary)\(backend); \(Machine.date).\n\n\(table.markdown)", terminator: "")
    }

    private func save(_ figures: [Figure], _ surroundings: Surroundings?, to file: URL?) throws {
        guard let file else { return report("outside the repository, without --output: no JSON lines are written") }
        let lines = figures.map { $0.json(backend: surroundings?.backendName, date: Machine.date) }
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(lines.joined().utf8).write(to: file, options: .atomic)
        report("figures are in \(file.path)")
    }

    /// Progress is for people: standard error, so that standard output is the table alone.
    private func report(_ line: String) {
        FileHandle.standardError.write(Data("\(line)\n".utf8))
    }
}

extension BenchmarkCase.Group: ExpressibleByArgument {}

/// Something the user can put right.
struct Problem: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
