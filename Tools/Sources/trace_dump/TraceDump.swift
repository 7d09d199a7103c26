// SPDX-License-Identifier: MIT OR Apache-2.0

import ArgumentParser
import TraceAnalysis
import VitrineELF
import VitrineTraceFile

/// The command: arguments, order of work, exit codes.
@main
struct TraceDump: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trace_dump",
        abstract: "Shows what a guest allocated, and where, from a Vitrine allocation trace.",
        usage: "trace_dump SYMBOLS TRACE (list_frames | summary) [--json] [--strict] [--limit N]",
        discussion: """
            SYMBOLS is the guest's ELF file with its symbol table (not stripped), TRACE the file that the host wrote.

            list_frames  every allocation and free in order: time, size, address, and its stack with function names
            summary      allocations by function: bytes still live, bytes in all, counts; most live bytes first

            EXAMPLES
              trace_dump Guests/bin/debug/simpleguest app.trace list_frames
              trace_dump Guests/bin/debug/simpleguest app.trace summary --limit 10
              trace_dump simpleguest app.trace list_frames --json | jq 'select(.bytes > 4096) | .frames[0]'

            EXIT CODES
              0   everything was read
              1   a file cannot be read, is no ELF or trace file, or (--strict) the build ids differ
              2   the trace is cut short or damaged; what is good was printed
              64  wrong usage

            A function is shown as name + offset, an address without a symbol as unknown. Return addresses are looked \
            up one byte earlier, so that a call at a function's end counts for its function.
            """
    )

    @Argument(help: "The guest's ELF file.")
    var symbols: String

    @Argument(help: "The trace file.")
    var trace: String

    @Argument(help: "What to show: list_frames or summary.")
    var report: Report

    @Flag(help: "Print one JSON object a line.")
    var json = false

    @Flag(help: "Fail when the build ids of SYMBOLS and TRACE differ, instead of warning.")
    var strict = false

    @Option(help: "Rows of the summary (0: all).")
    var limit = 0

    func validate() throws {
        guard limit >= 0 else { throw ValidationError("--limit wants 0 or more rows, not \(limit)") }
    }

    func run() throws {
        do throws(DumpError) {
            let table = try openSymbols(FileBytes.read(symbols))
            let reader = try openTrace(FileBytes.read(trace))
            try check(table.buildID, against: reader.header)
            let isWhole = print(reader, table)
            if !isWhole { throw .incomplete }
        } catch {
            if let message = error.message { StandardStreams.printError("error: \(message)") }
            throw ExitCode(error.exitCode)
        }
    }

    private func openSymbols(_ bytes: [UInt8]) throws(DumpError) -> SymbolTable {
        let table: SymbolTable
        do throws(ELFError) {
            table = try SymbolTable(parsingELF: bytes)
        } catch {
            throw .badInput("\(symbols): \(error)")
        }
        if table.count == 0 {
            StandardStreams.printError("warning: \(symbols) has no function symbols: addresses will have no names")
        }
        return table
    }

    private func openTrace(_ bytes: [UInt8]) throws(DumpError) -> TraceFileReader {
        do throws(TraceFileError) {
            return try TraceFileReader(parsing: bytes)
        } catch {
            throw .badInput("\(trace): \(error)")
        }
    }

    private func check(_ buildID: [UInt8]?, against header: TraceFileHeader) throws(DumpError) {
        guard case .different(let own, let traced) = BuildIDMatch(symbols: buildID, trace: header.buildID) else {
            return
        }
        let message =
            "\(symbols) has build id \(BuildIDMatch.text(own)), the trace is of \(BuildIDMatch.text(traced))"
        if strict { throw .badInput(message) }
        StandardStreams.printError("warning: \(message): function names may be wrong")
    }

    /// Prints the report. False if the trace is not whole.
    private func print(_ reader: TraceFileReader, _ table: SymbolTable) -> Bool {
        var listing = FrameListing(header: reader.header, symbols: table)
        var summary = AllocationSummary(symbols: table)
        var output = StandardStreams.Output()
        var isWhole = true
        if report == .listFrames, !json { output.write(listing.introduction) }
        for item in reader {
            switch item {
            case .record(let record):
                switch report {
                case .listFrames: output.write(json ? listing.json(of: record) : listing.text(of: record))
                case .summary: summary.add(record)
                }
            case .notice(let notice):
                guard notice.isProblem else { continue }
                isWhole = false
                output.flush()
                StandardStreams.printError("warning: \(trace): \(notice)")
            }
        }
        if report == .summary { output.write(json ? summary.jsonLines(limit: limit) : summary.text(limit: limit)) }
        output.flush()
        return isWhole
    }
}

/// What the command shows.
enum Report: String, ExpressibleByArgument, CaseIterable {
    case listFrames = "list_frames"
    case summary
}
