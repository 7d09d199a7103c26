// SPDX-License-Identifier: MIT OR Apache-2.0

public import VitrineTraceFile

/// Prints the records of a trace with the functions of their stacks, for people or as JSON lines.
///
/// Holds no records: each is printed as it comes. Times of the text form count from the first record.
public struct FrameListing: Sendable {
    private let header: TraceFileHeader
    private var symbols: SymbolTable
    private var firstTimeNanoseconds: UInt64?

    /// A listing of a trace with `header`, by the functions of `symbols`.
    public init(header: TraceFileHeader, symbols: SymbolTable) {
        self.header = header
        self.symbols = symbols
    }

    /// The lines that stand above the text form's records.
    public var introduction: String {
        let buildID = header.buildID.isEmpty ? "unknown" : BuildIDMatch.text(header.buildID)
        return "# guest build id \(buildID), written by \(Self.plain(header.producer))\n"
    }

    /// A record as text: a line for what happened and an indented line for each frame.
    public mutating func text(of record: TraceRecord) -> String {
        switch record {
        case .allocation(let allocation):
            let time = relativeTime(allocation.timeNanoseconds)
            return "\n[\(time)] allocated \(allocation.byteCount) bytes at 0x\(hexadecimal(allocation.address))\n"
                + stackText(allocation.stack)
        case .free(let free):
            let time = relativeTime(free.timeNanoseconds)
            return "\n[\(time)] freed 0x\(hexadecimal(free.address))\n" + stackText(free.stack)
        case .dropped(let count, let reason):
            return "\n\(count) records are missing here: \(reason)\n"
        }
    }

    /// A record as one JSON object on one line.
    public mutating func json(of record: TraceRecord) -> String {
        var object = JSONObject()
        switch record {
        case .allocation(let allocation):
            object.add("kind", "allocation")
            addTime(allocation.timeNanoseconds, to: &object)
            object.add("address", "0x\(hexadecimal(allocation.address))")
            object.add("bytes", allocation.byteCount)
            addStack(allocation.stack, to: &object)
        case .free(let free):
            object.add("kind", "free")
            addTime(free.timeNanoseconds, to: &object)
            object.add("address", "0x\(hexadecimal(free.address))")
            addStack(free.stack, to: &object)
        case .dropped(let count, let reason):
            object.add("kind", "dropped")
            object.add("count", count)
            object.add("reason", reason.description)
        }
        return object.text + "\n"
    }

    private mutating func stackText(_ stack: TraceStack) -> String {
        switch stack {
        case .none: return "    no stack was taken\n"
        case .lost: return "    the stack is in a part of the file that is lost\n"
        case .frames(let frames, let isCut):
            var text = ""
            for frame in symbols.frames(of: frames) {
                text += "    0x\(hexadecimal(frame.address, digits: 8))  "
                if let function = frame.function {
                    text += "\(function) + 0x\(hexadecimal(frame.offset))\n"
                } else {
                    text += "unknown\n"
                }
            }
            return isCut ? text + "    … the outer frames were cut\n" : text
        }
    }

    private func addTime(_ nanoseconds: UInt64, to object: inout JSONObject) {
        object.add("time_ns", nanoseconds)
        object.add("unix_ns", header.epochNanoseconds &+ nanoseconds)
    }

    private mutating func addStack(_ stack: TraceStack, to object: inout JSONObject) {
        switch stack {
        case .none: object.add("stack", "none")
        case .lost: object.add("stack", "lost")
        case .frames(let frames, let isCut):
            object.add("stack", isCut ? "cut" : "whole")
            object.add("frames", symbols.frames(of: frames)) { frame, entry in
                entry.add("address", "0x\(hexadecimal(frame.address))")
                if let function = frame.function {
                    entry.add("function", function)
                    entry.add("offset", frame.offset)
                }
            }
        }
    }

    private mutating func relativeTime(_ nanoseconds: UInt64) -> String {
        let first = firstTimeNanoseconds ?? nanoseconds
        firstTimeNanoseconds = first
        // A record of another clock than the first must not trap: it shows as 0.
        let elapsed = nanoseconds >= first ? nanoseconds - first : 0
        let fraction = String(elapsed % 1_000_000_000)
        let zeros = String(repeating: "0", count: 9 - fraction.count)
        return padded("\(elapsed / 1_000_000_000).\(zeros)\(fraction) s", 16)
    }

    private static func plain(_ text: String) -> String {
        String(
            String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? "\u{FFFD}" : $0 }))
    }
}
