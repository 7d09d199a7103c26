// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
import Testing

@testable import VitrineObservability

@Suite("IdentifierGenerator after fork")
struct ForkTests {
    @Test("a child does not repeat its parent's identifiers")
    func reseed() throws {
        // Swift hides fork; a child that only computes and exits is within what POSIX allows.
        // SAFETY: the symbol is the C library's fork, of this very type.
        let symbol = try unsafe #require(dlsym(nil, "fork"))
        let fork = unsafe unsafeBitCast(symbol, to: (@convention(c) () -> pid_t).self)
        var pipeEnds: [Int32] = [-1, -1]
        // SAFETY: pipe writes two descriptors into an array of two.
        try #require(unsafe pipe(&pipeEnds) == 0)

        var generator = IdentifierGenerator()
        _ = generator.next()
        let child = fork()
        if child == 0 {
            var value = generator.next()
            // SAFETY: eight bytes of a local of eight bytes.
            _ = unsafe write(pipeEnds[1], &value, 8)
            _exit(0)
        }
        try #require(child > 0)
        let own = generator.next()
        var other: UInt64 = 0
        // SAFETY: eight bytes into a local of eight bytes.
        #expect(unsafe read(pipeEnds[0], &other, 8) == 8)
        var status: Int32 = 0
        // SAFETY: waitpid writes one Int32 into a local.
        unsafe waitpid(child, &status, 0)
        close(pipeEnds[0])
        close(pipeEnds[1])
        #expect(other != own)
        #expect(other != 0)
    }
}
