// SPDX-License-Identifier: MIT OR Apache-2.0

/// What is asked for on the command line.
struct MetricsArguments: Equatable {
    static let usage = """
        usage: metrics [--serve [--port N]]
          Runs a session with each guest, counts it, and prints the counts as Prometheus text.
          --serve     serve them at http://127.0.0.1:9464/metrics instead, until Enter is pressed or SIGINT comes;
                      traces go to standard error, and OpenMetrics has exemplars of them
          --port N    on another port; 0 for any that is free

        """

    /// Why a command line cannot be followed.
    struct Misuse: Error, CustomStringConvertible {
        let description: String
    }

    var port: Int?
    var wantsHelp = false

    init(_ arguments: some Collection<String>) throws(Misuse) {
        var rest = arguments[...]
        var serves = false
        var port: Int?
        while let argument = rest.popFirst() {
            switch argument {
            case "--help", "-h": wantsHelp = true
            case "--serve": serves = true
            case "--port":
                guard let text = rest.popFirst(), let number = Int(text), 0...65_535 ~= number else {
                    throw Misuse(description: "--port takes a number from 0 to 65535")
                }
                port = number
            default: throw Misuse(description: "unknown argument “\(argument)”")
            }
        }
        if port != nil, !serves { throw Misuse(description: "--port goes with --serve") }
        self.port = serves ? port ?? 9464 : nil
    }
}
