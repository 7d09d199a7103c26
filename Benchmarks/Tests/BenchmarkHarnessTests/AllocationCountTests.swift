// SPDX-License-Identifier: MIT OR Apache-2.0

import BenchmarkHarness
import CBenchmarkProbes
import Glibc
import Testing

/// Other tests allocate meanwhile, so that counts are at least what is said, and the least of many tries is exact.
@Suite(.serialized) struct AllocationCountTests {
    private func count(_ body: @escaping @Sendable () -> Void) -> UInt64 {
        allocation_counting_set(true)
        defer { allocation_counting_set(false) }
        let loop = Loop.plain { count in for _ in 0..<count { body() } }
        return (0..<200).flatMap { _ in loop.measure(1, warmUp: 1) { allocation_count() } }.min() ?? 0
    }

    @Test func nothingIsNone() {
        #expect(count {} == 0)
        #expect(count { loop_barrier(1) } == 0)
    }

    // SAFETY, of all below: each piece of memory is made, looked at inside of its size, and freed once, in the closure.

    @Test func eachWayToAllocateIsCountedOnce() {
        #expect(count { unsafe free(malloc(10)) } == 1)
        #expect(count { unsafe free(calloc(10, 10)) } == 1)
        #expect(count { unsafe free(realloc(malloc(10), 1 << 20)) } == 2)
        #expect(count { unsafe free(aligned_alloc(64, 128)) } == 1)
        #expect(
            count {
                var memory: UnsafeMutableRawPointer?
                _ = unsafe posix_memalign(&memory, 64, 100)
                unsafe free(memory)
            } == 1)
        #expect(count { unsafe UnsafeMutablePointer<UInt64>.allocate(capacity: 4).deallocate() } == 1)
    }

    @Test func nothingIsCountedWhileItIsOff() {
        allocation_counting_set(false)
        let before = allocation_count()
        for _ in 0..<100 { unsafe free(malloc(10)) }
        #expect(allocation_count() == before)
    }

    @Test func memoryIsAsGoodAsWithoutTheCount() throws {
        var memory: UnsafeMutableRawPointer?
        #expect(unsafe posix_memalign(&memory, 4_096, 100) == 0)
        #expect(Int(bitPattern: memory) % 4_096 == 0)
        unsafe free(memory)
        unsafe memory = nil
        #expect(unsafe posix_memalign(&memory, 24, 100) == EINVAL)
        #expect(unsafe posix_memalign(&memory, 4, 100) == EINVAL)
        #expect(unsafe posix_memalign(&memory, 0, 100) == EINVAL)
        #expect(unsafe posix_memalign(&memory, 64, Int.max) == ENOMEM)
        #expect(unsafe memory == nil)

        let zeros = unsafe try #require(calloc(100, 8))
        #expect((0..<800).allSatisfy { unsafe zeros.load(fromByteOffset: $0, as: UInt8.self) == 0 })
        unsafe zeros.storeBytes(of: 0x1234_5678, toByteOffset: 796, as: UInt32.self)
        let larger = unsafe try #require(realloc(zeros, 1 << 20))
        #expect(unsafe larger.load(fromByteOffset: 796, as: UInt32.self) == 0x1234_5678)
        unsafe free(larger)
    }
}
