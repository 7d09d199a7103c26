// SPDX-License-Identifier: MIT OR Apache-2.0

internal import VitrineObservability

/// The colors of trees and lines, by meaning; without color every text stays as it is.
///
/// Only the sixteen colors every terminal has, so that they follow its theme. SGR codes: ECMA-48, 8.3.117.
struct Palette {
    let isColored: Bool

    enum Paint {
        case faint
        case bold
        case red
        case boldRed
        case yellow
        case green
        case blue
        case magenta
        case cyan

        /// What turns it on.
        var sequence: StaticString {
            switch self {
            case .faint: "\u{1B}[2m"
            case .bold: "\u{1B}[1m"
            case .red: "\u{1B}[31m"
            case .boldRed: "\u{1B}[1;31m"
            case .yellow: "\u{1B}[33m"
            case .green: "\u{1B}[32m"
            case .blue: "\u{1B}[34m"
            case .magenta: "\u{1B}[35m"
            case .cyan: "\u{1B}[36m"
            }
        }
    }

    private static let reset: StaticString = "\u{1B}[0m"

    /// The text in a color, for text that is already safe.
    func callAsFunction(_ paint: Paint, _ text: String) -> String {
        isColored && !text.isEmpty ? "\(paint.sequence)\(text)\(Self.reset)" : text
    }

    /// Turns a color on.
    @inline(__always)
    func begin(_ paint: Paint, _ line: inout LineBuffer) {
        if isColored { line.append(paint.sequence) }
    }

    /// Turns the color off.
    @inline(__always)
    func end(_ line: inout LineBuffer) {
        if isColored { line.append("\u{1B}[0m") }
    }

    static func paint(of level: Level) -> Paint {
        switch level {
        case .error: .red
        case .warn: .yellow
        case .info: .green
        case .debug: .blue
        case .trace, .off: .magenta
        }
    }
}
