// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
import Testing
import VitrineOTLP
import VitrineObservability

@testable import VitrineOTLPSpool

/// Each test is a process of its own, which makes others.
@Suite("Processes that share a spool")
struct SpoolProcessTests {
    @Test("each file is had by one of them")
    func sharing() async {
        await #expect(processExitsWith: .success) {
            let folder = try TestFolder()
            let spool = try folder.spool()
            for second in 1...60 { try spool.add("\(second)", second: UInt64(second)) }
            let children = (0..<3).map { child in
                startChild {
                    guard let own = try? folder.spool(), let names = try? own.folder.names() else { return 1 }
                    for name in names {
                        guard case .claimed(let claim) = own.claim(name), let file = try? claim.read() else { continue }
                        // One line for each, in a file that all append to.
                        appendLine(file.body, to: folder.parent + "/sent")
                        usleep(500)
                        guard (try? claim.remove()) != nil else { return 2 }
                    }
                    return 0
                }
            }
            for child in children { #expect(end(of: child) == 0) }
            #expect(folder.names == [])
            let sent = lines(of: folder.parent + "/sent")
            #expect(sent.count == 60)
            #expect(Set(sent) == Set((1...60).map(String.init)))
        }
    }

    @Test("the bound holds though all of them write at once")
    func writing() async {
        await #expect(processExitsWith: .success) {
            let folder = try TestFolder()
            _ = try folder.spool()
            let children = (0..<3).map { child in
                startChild {
                    guard let own = try? folder.spool({ $0.fileCount = 8 }) else { return 1 }
                    for second in 1...20 {
                        let time = Timestamp(nanosecondsSinceEpoch: UInt64(second))
                        guard
                            let draft = try? own.draft(
                                .traces, recordCount: 1, body: [UInt8(child)], time: time, isOver: { false },
                                dropped: { _ in }), (try? draft.keep()) != nil
                        else { return 2 }
                        // Whoever looks while a file gets its name may see both names, or none.
                        if (try? own.folder.names().count) ?? 99 > 8 + 3 { return 3 }
                    }
                    return 0
                }
            }
            for child in children { #expect(end(of: child) == 0) }
            try folder.spool { $0.fileCount = 8 }.add("last", second: 99)
            #expect(folder.names.count == 8)
            #expect(try folder.spool().texts.count == 8)
        }
    }

    @Test("what a process had that was killed is had by the next, which sends again what may have been sent")
    func killed() async {
        await #expect(processExitsWith: .success) {
            let folder = try TestFolder()
            let spool = try folder.spool()
            try spool.add("x")
            let name = try #require(try spool.all.first)
            let child = startChild {
                guard let own = try? folder.spool(), case .claimed(let claim) = own.claim(name) else { return 1 }
                appendLine(Array("sent".utf8), to: folder.parent + "/sent")
                // Between the answer and the removal.
                return withExtendedLifetime(claim) { pause() }
            }
            while lines(of: folder.parent + "/sent").isEmpty { usleep(1_000) }
            #expect(spool.claim(name).isBusy)
            kill(child, SIGKILL)
            #expect(end(of: child) == SIGKILL)
            let claim = try #require(spool.claim(name).claimed)
            #expect(try claim.read().body == Array("x".utf8))
        }
    }

    @Test("a child that has the open file too neither keeps what is let go nor lets go what is kept")
    func inherited() async {
        await #expect(processExitsWith: .success) {
            let folder = try TestFolder()
            let spool = try folder.spool()
            try spool.add("x")
            let name = try #require(try spool.all.first)
            var claim = spool.claim(name).claimed
            #expect(claim != nil)
            let keeper = startChild { pause() }
            let leaver = startChild {
                claim = nil
                return 0
            }
            #expect(end(of: leaver) == 0)
            #expect(spool.claim(name).isBusy)
            claim = nil
            #expect(spool.claim(name).claimed != nil)
            kill(keeper, SIGKILL)
            #expect(end(of: keeper) == SIGKILL)
        }
    }

    @Test("what a process was writing that was killed is removed")
    func killedWriter() async {
        await #expect(processExitsWith: .success) {
            let folder = try TestFolder()
            let spool = try folder.spool()
            let child = startChild {
                guard let own = try? folder.spool(),
                    let draft = try? own.draft(
                        .traces, recordCount: 1, body: [1], time: .now, isOver: { true }, dropped: { _ in })
                else { return 1 }
                appendLine(Array("written".utf8), to: folder.parent + "/state")
                pause()
                return (try? draft.keep()) == nil ? 1 : 0
            }
            while lines(of: folder.parent + "/state").isEmpty { usleep(1_000) }
            #expect(try spool.all == [])
            #expect(folder.names.count == 1)
            kill(child, SIGKILL)
            #expect(end(of: child) == SIGKILL)
            #expect(try spool.all == [])
            #expect(folder.names == [])
        }
    }

    @Test("a file that may not grow so far is an error, leaves nothing and ends nothing")
    func fileSizeLimit() async {
        await #expect(processExitsWith: .success) {
            let folder = try TestFolder()
            let spool = try folder.spool()
            try spool.add("before")
            var limit = rlimit(rlim_cur: 1_000, rlim_max: 1_000)
            // SAFETY: the kernel reads a local of its type.
            try #require(unsafe setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0)
            #expect(throws: OTLPSpoolError.system(call: "ftruncate", code: EFBIG)) {
                try spool.add(String(repeating: "x", count: 1_000))
            }
            #expect(folder.names.count == 1)
            try spool.add("after", second: 2)
            #expect(try spool.texts == ["before", "after"])
            var pending = sigset_t()
            // SAFETY: fills and reads a local signal set.
            unsafe sigpending(&pending)
            // SAFETY: as above.
            #expect(unsafe sigismember(&pending, SIGXFSZ) == 0)
        }
    }

    @Test("without descriptors there is an error, and afterwards all is as before")
    func noDescriptors() async {
        await #expect(processExitsWith: .success) {
            let folder = try TestFolder()
            let spool = try folder.spool()
            try spool.add("x")
            let name = try #require(try spool.all.first)
            var limit = rlimit()
            // SAFETY: the kernel fills and reads locals of its type.
            try #require(unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0)
            var none = rlimit(rlim_cur: 0, rlim_max: limit.rlim_max)
            // SAFETY: as above.
            try #require(unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &none) == 0)
            let result = spool.claim(name)
            let failure = #expect(throws: OTLPSpoolError.self) { try spool.add("y", second: 2) }
            // SAFETY: as above.
            try #require(unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0)
            guard case .refused(.system("openat", EMFILE), isAside: false) = result else {
                Issue.record("\(result)")
                return
            }
            #expect(failure == .system(call: "open", code: EMFILE))
            #expect(try spool.texts == ["x"])
        }
    }
}
