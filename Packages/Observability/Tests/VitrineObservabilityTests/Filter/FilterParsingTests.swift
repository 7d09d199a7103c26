// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing

@testable import VitrineObservability

@Suite("Filter texts")
struct FilterParsingTests {
    @Test(
        "Each form of a directive is read",
        arguments: [
            ("info", [FilterDirective(level: .info)]),
            ("none", [FilterDirective(level: .off)]),
            ("OFF", [FilterDirective(level: .off)]),
            ("Warning", [FilterDirective(level: .warn)]),
            ("4", [FilterDirective(level: .debug)]),
            ("vitrine.host=info", [FilterDirective(target: "vitrine.host", level: .info)]),
            ("vitrine.host", [FilterDirective(target: "vitrine.host", level: .trace)]),
            ("[request]=debug", [FilterDirective(span: "request", level: .debug)]),
            ("[call to host]", [FilterDirective(span: "call to host", level: .trace)]),
            ("shop[order]=2", [FilterDirective(target: "shop", span: "order", level: .warn)]),
            ("", [FilterDirective(level: .error)]),
            (" , ,", [FilterDirective(level: .error)]),
            (
                " none , a=info,a.b=trace ,[x]=debug",
                [
                    FilterDirective(level: .off), FilterDirective(target: "a", level: .info),
                    FilterDirective(target: "a.b", level: .trace), FilterDirective(span: "x", level: .debug),
                ]
            ),
        ] as [(String, [FilterDirective])])
    func forms(_ text: String, _ directives: [FilterDirective]) throws {
        let filter = try TelemetryFilter(parsing: text)
        #expect(filter.directives == directives)
        // What is written out is read as the same.
        #expect(try TelemetryFilter(parsing: filter.description) == filter)
    }

    @Test(
        "What cannot be understood is an error that points at the column",
        arguments: [
            ("vitrine.host=inof", 14, .unknownLevel("inof")),
            ("info,a=", 8, .missingLevel),
            ("info,=debug", 6, .missingTarget),
            ("a,[x=debug", 3, .unclosedSpan),
            ("[]=debug", 2, .missingSpan),
            ("[x]y=debug", 4, .unexpected("y")),
            ("a b=debug", 2, .unexpected(" ")),
            ("a=b=c", 3, .unknownLevel("b=c")),
            ("[x{id=1}]=debug", 3, .fieldCondition),
            ("é,ü=inf", 5, .unknownLevel("inf")),
            ("a}=info", 2, .unexpected("}")),
        ] as [(String, Int, FilterError.Reason)])
    func errors(_ text: String, _ column: Int, _ reason: FilterError.Reason) {
        #expect(throws: FilterError(reason: reason, column: column, text: text)) {
            try TelemetryFilter(parsing: text)
        }
    }

    @Test("The words of an error show the text and a mark under the place")
    func explanation() throws {
        let error = try #require(throws: FilterError.self) { try TelemetryFilter(parsing: "info,vitrine=loud") }
        let lines = error.description.split(separator: "\n")
        #expect(lines.count == 3)
        #expect(lines[0] == "column 14: “loud” is no level: write off, error, warn, info, debug or trace")
        #expect(lines[1] == "  info,vitrine=loud")
        #expect(lines[2] == "               ^")
    }

    @Test("A filter of too many directives or bytes is refused")
    func limits() throws {
        let most = TelemetryFilter.maximumDirectiveCount
        let text = (0..<most).map { "t\($0)=info" }.joined(separator: ",")
        #expect(try TelemetryFilter(parsing: text).directives.count == most)
        let many = try #require(throws: FilterError.self) { try TelemetryFilter(parsing: text + ",x") }
        #expect(many.reason == .tooManyDirectives(maximum: most))
        #expect(many.column == text.count + 2)
        let long = String(repeating: "a", count: TelemetryFilter.maximumByteCount + 1)
        let error = try #require(throws: FilterError.self) { try TelemetryFilter(parsing: long) }
        #expect(error.reason == .tooLong(maximumByteCount: TelemetryFilter.maximumByteCount))
    }

    @Test("Any text is a filter or an error, and a filter is what it is written as")
    func anyText() {
        var random = Seeded(state: 7)
        let pieces = ["a", "a.b", "[", "]", "=", ",", "info", "none", "{", "}", " ", "\"", "é", "\u{1F600}", "0", "9"]
        var filters = 0
        for _ in 0..<20_000 {
            let text = (0..<Int(random.next() % 9)).map { _ in pieces[Int(random.next() % UInt64(pieces.count))] }
                .joined()
            do throws(FilterError) {
                let filter = try TelemetryFilter(parsing: text)
                filters += 1
                #expect(try TelemetryFilter(parsing: filter.description) == filter, "\(text)")
            } catch {
                #expect((1...text.count + 1).contains(error.column), "\(text)")
                #expect(error.text == text)
            }
        }
        #expect(filters > 2_000)
    }

    @Test("The environment's filter is nil without the variable and an error if it is bad")
    func environment() throws {
        #expect(try TelemetryFilter.environment("VITRINE_LOG_THAT_NOBODY_SETS") == nil)
        // HOME is a path, which is a target; it stands for any variable that is set.
        #expect(try TelemetryFilter.environment("HOME") != nil)
    }
}

/// splitmix64, so that a failure can be had again.
struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }
}
