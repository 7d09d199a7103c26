// SPDX-License-Identifier: MIT OR Apache-2.0

internal import VitrineObservability

/// The colors of the tree, by meaning; without color every text stays as it is.
///
/// Only the sixteen colors every terminal has, so that they follow its theme. SGR codes: ECMA-48, 8.3.117.
struct Palette {
    let isColored: Bool

    enum Paint: String {
        case faint = "2"
        case bold = "1"
        case red = "31"
        case boldRed = "1;31"
        case yellow = "33"
        case green = "32"
        case blue = "34"
        case magenta = "35"
        case cyan = "36"
    }

    /// The text in a color, for text that is already safe.
    func callAsFunction(_ paint: Paint, _ text: String) -> String {
        isColored && !text.isEmpty ? "\u{1B}[\(paint.rawValue)m\(text)\u{1B}[0m" : text
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
