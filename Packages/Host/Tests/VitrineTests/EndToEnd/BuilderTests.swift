// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
import Testing

@testable import Vitrine

@Suite("What a builder sets")
struct BuilderTests {
    @Test("The guest comes from a file, from bytes or from an image", arguments: Places.all)
    func guest(_ place: Place) throws {
        var builder = try place.builder()
        for source in [
            .file(place.guest.path), .bytes(try FileBytes.read(place.guest.path, maximumByteCount: 64 << 20)),
        ] as [GuestSource] {
            builder.guest = source
            let sandbox = try builder.build()
            #expect(sandbox.image.buildID == (try place.guest.image.buildID))
            expectWorks(sandbox)
        }
        builder.guest = .file(place.guest.path)
        #expect(try builder.build().image.name == place.guest.rawValue)
    }

    @Test("The heap is as large as asked for", arguments: Places.all)
    func heap(_ place: Place) throws {
        // Small enough for a debug guest on the emulator, which writes a byte at a time.
        let byteCount: Int32 = 768 << 10
        let small = try place.sandbox { $0.memory.heap = 512 << 10 }
        expectFailure(.outOfMemory) { let _: Int64 = try small.call("allocate", Int32(1), byteCount) }
        let large = try place.sandbox { $0.memory.heap = 1 << 20 }
        #expect(try large.call("allocate", Int32(3), byteCount) == Int64(3) * Int64(byteCount))
    }

    @Test("The stack is as deep as asked for", arguments: Places.all)
    func stack(_ place: Place) throws {
        let depth: Int32 = 1_000
        let small = try place.sandbox { $0.memory.stack = 16 << 10 }
        let error = expectFailure(.cpuException) { try small.call("trace_nested", depth) }
        #expect(error?.message.contains("the stack overflowed") == true)
        try place.sandbox { $0.memory.stack = 4 << 20 }.call("trace_nested", depth)
    }

    @Test(
        "Sizes that no region can have are refused by build, and name what they are", arguments: Places.each,
        [0, -1, .min, .max, 1 << 45])
    func impossibleSizes(_ place: Place, _ byteCount: Int) throws {
        let regions: [WritableKeyPath<SandboxMemory, Int>] = [\.input, \.output, \.telemetry, \.heap, \.stack]
        for region in regions {
            var builder = try place.builder()
            builder.memory[keyPath: region] = byteCount
            let error = expectFailure(.invalidConfiguration) { _ = try builder.build() }
            #expect(error?.message.contains("memory") == true)
            #expect(error?.advice.isEmpty == false)
        }
    }

    @Test("A guest that does not start in time fails the build", arguments: Places.all)
    func bootDeadline(_ place: Place) throws {
        var builder = try place.builder()
        builder.limits.bootDeadline = .zero
        expectFailure(.deadlineExceeded) { _ = try builder.build() }
        builder.limits.bootDeadline = .seconds(300)
        expectWorks(try builder.build())
    }

    @Test("A host function of eleven parameters is refused by build", arguments: Places.each)
    func elevenParameters(_ place: Place) throws {
        typealias I = Int64
        var builder = try place.builder()
        builder.hostFunction("eleven") { (a: I, _: I, _: I, _: I, _: I, _: I, _: I, _: I, _: I, _: I, _: I) in a }
        let error = expectFailure(.invalidConfiguration) { _ = try builder.build() }
        #expect(error?.message.contains("11 parameters") == true)
    }

    @Test("Each sandbox has an allocation trace of its own in a directory", arguments: Places.each)
    func traceDirectory(_ place: Place) throws {
        var builder = try place.builder()
        builder.allocationTrace = .directory("/tmp")
        let paths = try (0..<2).map { _ in try #require(try builder.build().allocationTracePath) }
        // SAFETY: each path is lent as a C string for the length of the call.
        defer { for path in paths { _ = unsafe unlink(path) } }
        #expect(Set(paths).count == 2)
        for path in paths {
            #expect(path.hasPrefix("/tmp/\(place.guest.rawValue)-\(getpid())-"))
            #expect(try TraceContents(path).buildID == place.guest.image.buildID)
        }
    }

    @Test("What the kernel refuses is the error `system`, and the process goes on")
    func refusedMemory() async {
        // In a process of its own, for the limit holds for all of it.
        await #expect(processExitsWith: .success) {
            var limit = rlimit(rlim_cur: 4 << 30, rlim_max: 4 << 30)
            // SAFETY: the limit is a local value, read during the call.
            #expect(unsafe setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0)
            for place in Places.each {
                var builder = try place.builder()
                builder.memory.heap = 12 << 30
                let error = expectFailure(.system) { _ = try builder.build() }
                #expect(error?.underlying != nil)
                expectWorks(try place.sandbox())
            }
        }
    }
}
