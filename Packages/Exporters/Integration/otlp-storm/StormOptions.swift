// SPDX-License-Identifier: MIT OR Apache-2.0

/// What the command line asks for.
struct StormOptions {
    var seconds = 60
    var spansPerSecond = 50_000
    var isJSON = false

    /// Why there is nothing to run.
    enum Refusal: Error {
        case help
        case bad(String)
    }

    static let help = """
        otlp-storm: emits spans as fast as a busy service, into an exporter whose receiver is down.

        USAGE: otlp-storm [--seconds N] [--rate SPANS] [--json]

          --seconds N    how long the receiver is down (60); then it is up for a quarter of that, 2 s at least
          --rate SPANS   how many spans a second two threads make together (50000); every tenth has an event, and for
                         every hundredth there is an event outside of spans, which is a log record
          --json         print one object instead of a table

        What is checked, exactly, and gives exit code 1 where it is not so:
          counts       emitted = sent + spooled + dropped, for each reason counted; nothing is held at the end
          delivery     the receiver has as many spans as were sent, and no id twice
          resumption   after the receiver came up it gets spans, without anybody's help
          memory       while it is down the process grows by no more than the exporter's bounds and 24 MiB

        What is shown and not judged, as it depends on the machine: what a span cost its caller (50th and 99th
        percentile, a reading of the clock included) while the receiver was down, and while it was up.

        The receiver is a part of the program and listens on a port of 127.0.0.1 that is free. Waits between attempts are
        2 s at most here, where the default is 30, so that the program ends soon.
        """

    init(_ arguments: [String]) throws(Refusal) {
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            switch argument {
            case "--help", "-h": throw .help
            case "--json": isJSON = true
            case "--seconds": seconds = try Self.number(argument, rest.popFirst(), 1...86_400)
            case "--rate": spansPerSecond = try Self.number(argument, rest.popFirst(), 1...10_000_000)
            default: throw .bad("there is no '\(argument)'; --help tells what there is")
            }
        }
    }

    private static func number(_ name: String, _ text: String?, _ range: ClosedRange<Int>) throws(Refusal) -> Int {
        guard let text else { throw .bad("\(name) wants a number") }
        guard let value = Int(text), range.contains(value) else {
            throw .bad("\(name) wants a number from \(range.lowerBound) to \(range.upperBound), not '\(text)'")
        }
        return value
    }
}
