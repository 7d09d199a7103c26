// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing

@testable import BenchmarkHarness

@Suite struct FigureTests {
    private func figure(_ median: UInt64, _ reference: UInt64?, _ goal: Goal?) throws -> Figure {
        Figure(
            name: "call_add",
            subject: try #require(Statistics([median])),
            referenceName: "raw KVM",
            reference: reference.flatMap { Statistics([$0]) },
            goal: goal
        )
    }

    @Test func ratioGoalsAreMetUpToTheirBound() throws {
        #expect(try figure(110_000, 100_000, .ratio(1.1)).isMet == true)
        #expect(try figure(110_001, 100_000, .ratio(1.1)).isMet == false)
        #expect(try figure(110_000, nil, .ratio(1.1)).isMet == nil)
        #expect(try figure(110_000, 100_000, nil).isMet == nil)
    }

    @Test func medianGoalsNeedNoReference() throws {
        #expect(try figure(99_999, nil, .median(100)).isMet == true)
        #expect(try figure(100_000, nil, .median(100)).isMet == false)
    }

    @Test func jsonHasEveryKeyAndNullForWhatIsMissing() throws {
        #expect(
            try figure(20_000, 16_000, .ratio(1.5)).json(backend: "kvm", date: "2026-01-02")
                == #"{"name":"call_add","unit":"us","median":20.0,"p99":20.0,"reference":16.0,"ratio":1.25,"goal":1.5,"#
                + #""met":true,"goal_of":"ratio","reference_name":"raw KVM","reference_p99":16.0,"#
                + #""allocations":null,"samples":1,"backend":"kvm","date":"2026-01-02"}"# + "\n"
        )
        let alone = try figure(20_000, nil, .ratio(1.5)).json(backend: "emulator", date: "d")
        #expect(alone.contains(#""reference":null,"ratio":null,"goal":1.5,"met":null"#))
        let withoutGuest = try loop(0, allocations: 0).json(backend: nil, date: "d")
        #expect(withoutGuest.contains(#""allocations":0.0,"#))
        #expect(withoutGuest.contains(#""backend":null"#))
    }

    private func loop(_ median: UInt64, allocations: Double?, goal: Goal? = .median(12)) throws -> Figure {
        Figure(
            name: "event",
            unit: .nanoseconds,
            subject: try #require(Statistics([median])),
            referenceName: nil,
            reference: nil,
            allocations: allocations,
            goal: goal
        )
    }

    @Test func anAllocationMissesTheGoalWhateverTheTime() throws {
        #expect(try loop(5, allocations: 0).isMet == true)
        #expect(try loop(5, allocations: 0.001).isMet == false)
        #expect(try loop(13, allocations: 0).isMet == false)
        #expect(try loop(5, allocations: 1, goal: nil).isMet == nil)
    }

    @Test func allocationsHaveAColumnWhereTheyAreCounted() throws {
        let table = FigureTable([
            try loop(5, allocations: 0), try loop(5, allocations: 1.5), try figure(20_000, 1_000_000, nil),
        ])
        #expect(
            table.text(isColored: false)
                == """
                figure      median       p99  compared with  its median   ratio  allocations     goal  met
                event      5.00 ns   5.00 ns                                               0  < 12 ns  yes
                event      5.00 ns   5.00 ns                                            1.50  < 12 ns  no
                call_add  20.00 µs  20.00 µs  raw KVM        1000.00 µs  0.0200

                """)
    }

    @Test func theTableIsAligned() throws {
        let table = FigureTable([
            try figure(19_123, 18_000, .ratio(1.1)), try figure(2_000_000, nil, .ratio(1.1)),
            try figure(50_000, nil, .median(100)),
        ])
        #expect(
            table.text(isColored: false)
                == """
                figure       median         p99  compared with  its median  ratio      goal  met
                call_add   19.12 µs    19.12 µs  raw KVM          18.00 µs   1.06    ≤ 1.10  yes
                call_add 2000.00 µs  2000.00 µs  raw KVM          not here           ≤ 1.10  unknown
                call_add   50.00 µs    50.00 µs  raw KVM          not here         < 100 µs  yes

                """.replacing("call_add ", with: "call_add  ").replacing("figure  ", with: "figure   ")
        )
        #expect(table.text(isColored: true).contains("\u{1B}[32mcall_add"))
        #expect(table.markdown.hasPrefix("| figure | median | p99 |"))
        #expect(
            table.markdown.contains("| `call_add` | 19.12 µs | 19.12 µs | raw KVM | 18.00 µs | 1.06 | ≤ 1.10 | yes |"))
    }

    @Test func decimalsAreRounded() {
        #expect(FigureTable.decimal(1.005, 1) == "1.0")
        #expect(FigureTable.decimal(0.999, 2) == "1.00")
        #expect(FigureTable.decimal(12.04, 2) == "12.04")
        #expect(FigureTable.decimal(-0.5, 2) == "-0.50")
        #expect(FigureTable.decimal(.infinity, 2) == "–")
        #expect(FigureTable.decimal(100, 0) == "100")
    }
}
