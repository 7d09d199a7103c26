// SPDX-License-Identifier: MIT OR Apache-2.0

import VitrineGuest

/// Text, events and spans.
func registerTelemetry() {
    GuestFunction.register("print") { (text: String) in print(text, terminator: "") }

    GuestFunction.register("log") { (level: Int32, message: String) in
        guard let level = Level(rawValue: UInt32(bitPattern: level)) else { return }
        Log.event(level, LogText(message))
    }

    GuestFunction.register("trace_nested") { (depth: Int32) in
        if depth > 0 { nest(1, deepest: depth) }
    }

    // A guest span with a host call inside.
    GuestFunction.register("span_across_host_call") { () throws(GuestError) -> Int64 in
        try withSpan("across", ["ratio": 0.5]) { _ throws(GuestError) -> Int64 in
            let product: Int64 = try Host.call("multiply", 6 as Int64, 7 as Int64)
            Log.info("back in the guest", ["product": .int(product)])
            return product
        }
    }
}

/// One span inside the other, `deepest` of them, with a field and an event in each.
private func nest(_ depth: Int32, deepest: Int32) {
    withSpan("nested", ["depth": .int(depth)]) { span in
        Log.info("entered", ["depth": .int(depth), "deepest": .bool(depth == deepest)])
        if depth < deepest { nest(depth + 1, deepest: deepest) }
        span.record(["outcome": "done"])
    }
}
