// SPDX-License-Identifier: MIT OR Apache-2.0

extension AllocationSummary {
    /// The summary as a table, its numbers aligned; `limit` rows at most (0: all).
    public func text(limit: Int = 0) -> String {
        let all = sortedRows
        let shown = limit > 0 ? Array(all.prefix(limit)) : all
        let heading = ["live bytes", "live", "bytes", "count"]
        let cells = shown.map { row in
            [String(row.liveByteCount), String(row.liveCount), String(row.byteCount), String(row.count)]
        }
        let widths = heading.indices.map { column in
            max(heading[column].count, cells.map { $0[column].count }.max() ?? 0)
        }
        func line(_ columns: [String], _ function: String) -> String {
            let numbers = zip(columns, widths).map { padded($0, $1) }
            return numbers.joined(separator: "  ") + "  " + function + "\n"
        }
        var text = line(heading, "function")
        for (row, columns) in zip(shown, cells) { text += line(columns, row.function) }
        if shown.count < all.count { text += "… and \(all.count - shown.count) more functions\n" }
        text += "\n\(allocationCount) allocations, \(freeCount) frees, at most \(peakLiveByteCount) bytes live\n"
        if unmatchedFreeCount > 0 {
            text += "\(unmatchedFreeCount) frees of memory that was allocated before the trace or in a missing part\n"
        }
        if droppedCount > 0 { text += "\(droppedCount) records are missing\n" }
        return text
    }

    /// The rows as JSON, one object a line.
    public func jsonLines(limit: Int = 0) -> String {
        let all = sortedRows
        return (limit > 0 ? Array(all.prefix(limit)) : all).map { row in
            var object = JSONObject()
            object.add("function", row.function)
            object.add("count", row.count)
            object.add("bytes", row.byteCount)
            object.add("live_count", row.liveCount)
            object.add("live_bytes", row.liveByteCount)
            return object.text + "\n"
        }
        .joined()
    }
}
