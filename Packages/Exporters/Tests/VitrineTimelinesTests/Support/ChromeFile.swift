// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation

/// A JSON array of trace events, read back.
struct ChromeFile {
    let records: [[String: Any]]

    init(_ data: Data) throws {
        guard let records = try JSONSerialization.jsonObject(with: data) as? [[String: Any]] else {
            throw CocoaError(.coderReadCorrupt)
        }
        self.records = records
    }

    init(path: String) throws {
        try self.init(Data(contentsOf: URL(filePath: path)))
    }

    func records(_ phase: String) -> [[String: Any]] { records.filter { $0["ph"] as? String == phase } }

    /// What metadata say of a process or of a lane.
    private func name(_ kind: String, _ record: [String: Any], _ key: String) -> String {
        let found = records.first { $0["name"] as? String == kind && $0[key] as? Int == record[key] as? Int }
        return (found?["args"] as? [String: Any])?["name"] as? String ?? "unnamed"
    }

    func process(_ record: [String: Any]) -> String { name("process_name", record, "pid") }
    func lane(_ record: [String: Any]) -> String { name("thread_name", record, "tid") }

    /// Nanoseconds since `MadeSpan.base`, of `ts`.
    func time(_ record: [String: Any]) -> Int64 {
        let first = records.first?["args"] as? [String: Any]
        let midnight = Int64(first?["midnight_unix_seconds"] as? Int ?? 0) * 1_000_000_000
        return midnight + Self.nanoseconds(record["ts"]) - Int64(MadeSpan.base)
    }

    private static func nanoseconds(_ microseconds: Any?) -> Int64 {
        Int64(((microseconds as? Double ?? .nan) * 1_000).rounded())
    }

    var slices: [Slice] {
        records.filter { ["X", "B"].contains($0["ph"] as? String) }.map { record in
            let start = time(record)
            return Slice(
                name: record["name"] as? String ?? "", category: record["cat"] as? String ?? "",
                process: process(record), lane: lane(record), start: start,
                end: record["dur"].map { start + Self.nanoseconds($0) },
                arguments: Self.flat(record["args"] ?? [:]))
        }
    }

    static func flat(_ value: Any, _ key: String = "") -> [String: String] {
        var result: [String: String] = [:]
        if let object = value as? [String: Any] {
            for (name, element) in object { result.merge(flat(element, key + (key.isEmpty ? "" : ".") + name)) { $1 } }
        } else if let array = value as? [Any] {
            for (place, element) in array.enumerated() { result.merge(flat(element, "\(key)[\(place)]")) { $1 } }
        } else if let number = value as? NSNumber, isTruth(number) {
            result[key] = number.boolValue ? "true" : "false"
        } else {
            result[key] = "\(value)"
        }
        return result
    }

    private static func isTruth(_ number: NSNumber) -> Bool {
        // SAFETY: a C string that Foundation keeps.
        unsafe String(cString: number.objCType) == "c"
    }
}
