// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing
import TraceSamples

@Suite struct TraceDumpTests {
    private let tool: ToolRun

    init() throws {
        tool = try ToolRun()
    }

    @Test func listFramesPrintsEveryRecordWithFunctionNames() throws {
        let result = try tool("guest", "app.trace", "list_frames")
        #expect(result.status == 0)
        #expect(result.errors == "")
        #expect(result.output.hasPrefix("# guest build id c0ffee01, written by sample\n"))
        #expect(result.output.contains("allocated 64 bytes at 0x400000\n    0x00200190  malloc + 0x10\n"))
        #expect(result.output.contains("simpleguest.makeList(count: Swift.Int) -> () + 0x20"))
        #expect(result.output.components("\n[").count == 7)
    }

    @Test func jsonIsOneObjectALine() throws {
        let result = try tool("guest", "app.trace", "list_frames", "--json")
        let lines = result.output.components("\n").dropLast()
        #expect(result.status == 0)
        #expect(lines.count == SampleTrace.records.count)
        #expect(lines.allSatisfy { $0.hasPrefix("{\"kind\":") && $0.hasSuffix("}") })
    }

    @Test func summaryPrintsAllocationsByFunction() throws {
        let result = try tool("guest", "app.trace", "summary", "--limit", "1")
        #expect(result.status == 0)
        #expect(
            result.output.hasPrefix("live bytes  live  bytes  count  function\n       100     1    164      2  simple"))
        #expect(result.output.contains("… and 2 more functions"))
    }

    @Test func aTraceCutShortPrintsWhatIsGood() throws {
        let whole = try tool.bytes(of: "app.trace")
        try tool.write(Array(whole.dropLast(40)), to: "cut.trace")
        let cut = try tool("guest", "cut.trace", "list_frames")
        #expect(cut.status == 2)
        #expect(cut.errors.contains("cut short at byte"))
        try tool.write(Array(whole.dropLast(32)), to: "crashed.trace")
        let crashed = try tool("guest", "crashed.trace", "list_frames")
        #expect(crashed.status == 2)
        #expect(crashed.output == (try tool("guest", "app.trace", "list_frames").output))
    }

    @Test func anotherGuestsSymbolsAreWarnedOf() throws {
        try tool.write(SampleELF.bytes(buildID: [9, 9, 9, 9]), to: "other")
        let warned = try tool("other", "app.trace", "list_frames")
        #expect(warned.status == 0)
        #expect(warned.errors.contains("warning: other has build id 09090909, the trace is of c0ffee01"))
        let refused = try tool("other", "app.trace", "list_frames", "--strict")
        #expect(refused.status == 1)
        #expect(refused.output == "")
    }

    @Test func badFilesAreOneClearSentence() throws {
        let missing = try tool("nowhere", "app.trace", "list_frames")
        #expect(missing.status == 1)
        #expect(missing.errors == "trace_dump: error: nowhere: No such file or directory\n")
        let noTrace = try tool("guest", "guest", "list_frames")
        #expect(noTrace.status == 1)
        #expect(noTrace.errors == "trace_dump: error: guest: not a trace file: the magic \"VTRC\" is missing\n")
        let noELF = try tool("app.trace", "app.trace", "list_frames")
        #expect(noELF.status == 1)
        #expect(noELF.errors.hasPrefix("trace_dump: error: app.trace: "))
        let folder = try tool(".", "app.trace", "list_frames")
        #expect(folder.status == 1)
        #expect(folder.errors == "trace_dump: error: .: Is a directory\n")
    }

    @Test func wrongUsageIsExitCode64() throws {
        #expect(try tool("guest", "app.trace", "plot").status == 64)
        #expect(try tool("guest").status == 64)
        #expect(try tool("guest", "app.trace", "summary", "--limit", "-1").status == 64)
    }

    @Test func helpTeachesByExample() throws {
        let help = try tool("--help")
        #expect(help.status == 0)
        for part in ["EXAMPLES", "EXIT CODES", "list_frames", "summary", "--strict"] {
            #expect(help.output.contains(part))
        }
    }
}

extension String {
    fileprivate func components(_ separator: String) -> [Substring] {
        var parts: [Substring] = []
        var rest = self[...]
        while let range = rest.firstRange(of: separator) {
            parts.append(rest[..<range.lowerBound])
            rest = rest[range.upperBound...]
        }
        return parts + [rest]
    }
}
