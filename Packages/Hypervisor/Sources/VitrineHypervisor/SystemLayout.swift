// SPDX-License-Identifier: MIT OR Apache-2.0

internal import CVitrineABI

/// The fixed addresses of what the CPU needs below the control page, none of it reachable by guest code.
///
/// ```
/// 0x00000  null guard                          not mapped
/// 0x10000  GDT, TSS with I/O bitmap, IDT       supervisor, read-only, NX
/// 0x11000  exception stubs                     supervisor, read and execute
/// 0x12000  guard                               not mapped
/// 0x13000  exception stack                     supervisor, read and write, NX
/// 0x14000  page tables                         not mapped
/// ```
@_spi(Backend) public enum SystemLayout {
    /// The global descriptor table.
    public static let gdt: UInt64 = 0x10000
    /// Its size in bytes minus one, as the CPU wants it.
    public static let gdtLimit: UInt16 = 63
    /// The task-state segment, the I/O bitmap in it.
    public static let tss: UInt64 = 0x10100
    /// Its size in bytes minus one: 104 bytes, 32 of bitmap for ports 0...255, and the closing byte.
    public static let tssLimit: UInt16 = 104 + 32
    /// The interrupt descriptor table: 32 gates.
    public static let idt: UInt64 = 0x10400
    /// Its size in bytes minus one.
    public static let idtLimit: UInt16 = 32 * 16 - 1
    /// The first exception stub; one every `stubByteCount` bytes.
    public static let stubs: UInt64 = 0x11000
    /// Bytes from stub to stub.
    public static let stubByteCount: UInt64 = 16
    /// The page below the exception stack's top.
    public static let exceptionStack: UInt64 = 0x13000
    /// Where the CPU begins to push when it enters a stub from CPL 3 (TSS RSP0).
    public static let exceptionStackTop: UInt64 = 0x14000
    /// Where it begins on a double fault (TSS IST1).
    public static let doubleFaultStackTop: UInt64 = 0x13800
    /// The root of the page tables (CR3).
    public static let pageTables: UInt64 = 0x14000
    /// Where page tables end at the latest: the control page.
    public static let pageTablesEnd: UInt64 = VITRINE_IMAGE_BASE - 4096

    /// Selectors: kernel code and data, user data and code with RPL 3, TSS.
    public static let kernelCode: UInt16 = 0x08
    /// Kernel data.
    public static let kernelData: UInt16 = 0x10
    /// User data, RPL 3.
    public static let userData: UInt16 = 0x20 | 3
    /// User code, RPL 3.
    public static let userCode: UInt16 = 0x28 | 3
    /// The task-state segment; 16 bytes long.
    public static let taskState: UInt16 = 0x30

    /// CR0: PE, MP, ET, NE, WP, AM, PG (Intel SDM volume 3, 2.5).
    public static let cr0: UInt64 = 0x8005_0033
    /// CR4: PAE, OSFXSR, OSXMMEXCPT; backends with XSAVE add OSXSAVE.
    public static let cr4: UInt64 = 1 << 5 | 1 << 9 | 1 << 10
    /// CR4.OSXSAVE.
    public static let cr4OSXSAVE: UInt64 = 1 << 18
    /// EFER: LME, LMA, NXE; SCE stays off.
    public static let efer: UInt64 = 1 << 8 | 1 << 10 | 1 << 11

    /// The port the stubs ring.
    public static let exceptionPort = UInt16(VITRINE_PORT_EXCEPTION)
    /// The ports guest code may ring.
    public static let openPorts = [
        UInt16(VITRINE_PORT_READY), UInt16(VITRINE_PORT_CALL_HOST), UInt16(VITRINE_PORT_ABORT),
        UInt16(VITRINE_PORT_DRAIN),
    ]

    /// Whether guest code may ring the port.
    public static func isOpen(_ port: UInt16) -> Bool {
        port & ~6 == UInt16(VITRINE_PORT_READY)
    }

    /// Whether the CPU pushes an error code for the vector (Intel SDM volume 3, 6.13).
    public static func pushesErrorCode(_ vector: UInt8) -> Bool {
        switch vector {
        case 8, 10...14, 17, 21, 29, 30: true
        default: false
        }
    }
}
