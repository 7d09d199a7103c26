// SPDX-License-Identifier: MIT OR Apache-2.0

import VitrineTraceFile

/// The items of a file split into records and notices.
struct TraceContents: Equatable {
    var records: [TraceRecord] = []
    var notices: [TraceNotice] = []

    init(of bytes: [UInt8]) throws(TraceFileError) {
        for item in try TraceFileReader(parsing: bytes) {
            switch item {
            case .record(let record): records.append(record)
            case .notice(let notice): notices.append(notice)
            }
        }
    }
}
