// SPDX-License-Identifier: MIT OR Apache-2.0

/// How much a line for people says.
public enum LineFormat: Sendable, Hashable {
    /// `10:39:29.123 INFO  [00f067aa] target: message key=value`
    ///
    /// The time of day in UTC, the level, `guest` if a guest says it, the first eight digits of the span, the target.
    case compact
    /// `2026-11-22T10:39:29.123456Z INFO  host  target{trace_id=… span_id=…}: message key=value at Module/File.swift:12`
    ///
    /// Date and time in UTC, the level, the side of the boundary, the target, the whole identity, the place in the code.
    case full
}
