// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing

@testable import metrics

@Suite("The arguments of metrics")
struct MetricsArgumentsTests {
    @Test("say whether and where to serve")
    func serve() throws {
        #expect(try MetricsArguments([String]()).port == nil)
        #expect(try MetricsArguments(["--serve"]).port == 9464)
        #expect(try MetricsArguments(["--serve", "--port", "0"]).port == 0)
        #expect(try MetricsArguments(["--port", "8080", "--serve"]).port == 8080)
        #expect(try MetricsArguments(["--help"]).wantsHelp)
    }

    @Test(
        "are refused with a reason",
        arguments: [
            (["--port", "1"], "--port goes with --serve"),
            (["--serve", "--port"], "--port takes a number from 0 to 65535"),
            (["--serve", "--port", "65536"], "--port takes a number from 0 to 65535"), (["x"], "unknown argument “x”"),
        ])
    func refusals(_ arguments: [String], _ reason: String) {
        #expect { try MetricsArguments(arguments) } throws: { "\($0)" == reason }
    }
}
