// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing

/// What needs the one subscriber, log or factory of the process, one test after the other. All other tests stay in scopes of
/// their own, for the tests of all modules run in one process.
@Suite("Process-wide", .serialized)
enum ProcessWide {}
