// SPDX-License-Identifier: MIT OR Apache-2.0

internal import Glibc
internal import Synchronization

/// The anonymous mapping behind a guest's memory. A class, so that a backend's teardown can outlive the machine.
package final class GuestMapping: Sendable {
    /// Where guest address 0 lies, aligned so that guest and host agree on 2 MiB boundaries.
    let baseAddress: UInt
    private let start: UInt
    private let byteCount: Int
    private let isMapped = Atomic<Bool>(true)

    /// Reserves address space; pages come with their first touch.
    init(byteCount: Int) throws(HypervisorError) {
        let unit = UInt(MemoryMap.largePageByteCount)
        let whole = byteCount + MemoryMap.largePageByteCount
        // SAFETY: a new private mapping that only this object releases.
        let address = unsafe mmap(
            nil, whole, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
        guard let address = unsafe address, unsafe address != MAP_FAILED else {
            throw .systemCall(name: "mmap", errno: errno)
        }
        start = UInt(bitPattern: address)
        self.byteCount = whole
        baseAddress = (start + unit - 1) & ~(unit - 1)
    }

    /// Asks for large host pages in a range of guest addresses; the kernel may have none, and that is no error.
    func adviseLargePages(_ range: Range<UInt64>) {
        // SAFETY: the range lies in the mapping, as the caller's map says; advice changes no contents.
        let address = unsafe UnsafeMutableRawPointer(bitPattern: baseAddress + UInt(range.lowerBound))
        _ = unsafe madvise(address, range.count, MADV_HUGEPAGE)
    }

    /// Makes the pages of a range of guest addresses present, all by one system call. An old kernel cannot, which is no
    /// error: then each comes with its first touch.
    func populate(_ range: Range<UInt64>) {
        // SAFETY: as in `adviseLargePages`: zero pages appear, no contents change.
        let address = unsafe UnsafeMutableRawPointer(bitPattern: baseAddress + UInt(range.lowerBound))
        _ = unsafe madvise(address, range.count, Self.populateWrite)
    }

    /// MADV_POPULATE_WRITE (Linux 5.14); older C libraries do not name it.
    private static let populateWrite: Int32 = 23

    /// Releases the memory now. Nobody may use it any more; only a machine's teardown calls this.
    package func unmap() {
        guard isMapped.exchange(false, ordering: .acquiringAndReleasing) else { return }
        // SAFETY: the mapping of `init`, once.
        unsafe munmap(UnsafeMutableRawPointer(bitPattern: start), byteCount)
    }

    deinit { unmap() }
}
