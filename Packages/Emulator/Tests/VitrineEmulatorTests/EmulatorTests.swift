// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing

/// All tests, one after another: some measure what the whole process uses.
@Suite("Emulator", .serialized)
enum EmulatorTests {}
