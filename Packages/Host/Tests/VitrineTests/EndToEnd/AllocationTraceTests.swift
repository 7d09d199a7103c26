// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
import Testing
import Vitrine
import VitrineTraceFile

@Suite("Allocation traces")
struct AllocationTraceTests {
    @Test(
        "Every allocation of the guest is in the file, with its stack and the image's build-id", arguments: Places.all)
    func records(_ place: Place) throws {
        let path = "/tmp/vitrine-test-\(getpid())-\(place.guest.rawValue)-\(place.backend).trace"
        // SAFETY: the path is lent as a C string for the length of the call.
        defer { _ = unsafe unlink(path) }
        do {
            let sandbox = try place.sandbox { $0.allocationTrace = .file(path) }
            #expect(sandbox.allocationTracePath == path)
            let total: Int64 = try sandbox.call("allocate", Int32(50), Int32(100))
            #expect(total == 5_000)
            try sandbox.call("leak", Int64(12_345))
        }
        let contents = try TraceContents(path)
        #expect(contents.buildID == (try place.guest.image.buildID))
        let hundreds = contents.allocations.filter { $0.byteCount >= 100 && $0.byteCount <= 160 }
        #expect(hundreds.count >= 50)
        #expect(contents.allocations.contains { $0.byteCount >= 12_345 && $0.byteCount < 13_000 })
        #expect(contents.freeCount >= 50)
        #expect(hundreds.allSatisfy { !$0.stack.frames.isEmpty })
        #expect(zip(contents.times, contents.times.dropFirst()).allSatisfy { $0 <= $1 })
    }

    @Test("A trace that cannot be created is an error of build", arguments: Places.each)
    func impossible(_ place: Place) throws {
        var builder = try place.builder()
        builder.allocationTrace = .file("/no/such/directory/x.trace")
        expectFailure(.invalidConfiguration) { _ = try builder.build() }
    }
}
