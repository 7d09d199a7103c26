// SPDX-License-Identifier: MIT OR Apache-2.0

/// Writes the GDT, TSS, IDT and exception stubs into the guest's first pages.
enum SystemTables {
    static func write(into memory: inout MutableRawSpan) {
        writeGDT(&memory)
        writeTSS(&memory)
        for vector in UInt8(0)..<32 {
            writeGate(vector, &memory)
            writeStub(vector, &memory)
        }
    }

    /// Descriptors have their accessed bit set, so that the CPU never writes to the read-only page.
    private static func writeGDT(_ memory: inout MutableRawSpan) {
        let base = Int(SystemLayout.gdt)
        store(0x00AF_9B00_0000_FFFF, at: base + Int(SystemLayout.kernelCode), &memory)
        store(0x00CF_9300_0000_FFFF, at: base + Int(SystemLayout.kernelData), &memory)
        store(0x00CF_F300_0000_FFFF, at: base + Int(SystemLayout.userData & ~3), &memory)
        store(0x00AF_FB00_0000_FFFF, at: base + Int(SystemLayout.userCode & ~3), &memory)
        // A busy 64-bit TSS (type 11): the register is loaded by the host, not by LTR.
        let address = SystemLayout.tss
        var low = UInt64(SystemLayout.tssLimit) | (address & 0xFF_FFFF) << 16 | 0x8B << 40
        low |= (address >> 24 & 0xFF) << 56
        store(low, at: base + Int(SystemLayout.taskState), &memory)
        store(address >> 32, at: base + Int(SystemLayout.taskState) + 8, &memory)
    }

    /// RSP0 at 4, IST1 at 36, offset of the I/O bitmap at 102 (Intel SDM volume 3, figure 8-11).
    private static func writeTSS(_ memory: inout MutableRawSpan) {
        let base = Int(SystemLayout.tss)
        store(SystemLayout.exceptionStackTop, at: base + 4, &memory)
        store(SystemLayout.doubleFaultStackTop, at: base + 36, &memory)
        memory.storeBytes(of: UInt16(104).littleEndian, toByteOffset: base + 102, as: UInt16.self)
        // A set bit denies its port. The byte behind the bitmap is all ones, as the CPU reads two at a time.
        for offset in 0...32 { memory.storeBytes(of: 0xFF, toByteOffset: base + 104 + offset, as: UInt8.self) }
        for port in SystemLayout.openPorts {
            let offset = base + 104 + Int(port) / 8
            let bits = loadByte(at: offset, memory) & ~(1 << UInt8(port % 8))
            memory.storeBytes(of: bits, toByteOffset: offset, as: UInt8.self)
        }
    }

    /// Interrupt gates to the stubs. Only `int3` may be executed by guest code, so only its gate has DPL 3.
    private static func writeGate(_ vector: UInt8, _ memory: inout MutableRawSpan) {
        let target = SystemLayout.stubs + UInt64(vector) * SystemLayout.stubByteCount
        let privilege: UInt64 = vector == 3 ? 3 : 0
        let stackTable: UInt64 = vector == 8 ? 1 : 0
        var low = target & 0xFFFF | UInt64(SystemLayout.kernelCode) << 16 | stackTable << 32
        low |= (0x8E | privilege << 5) << 40 | (target >> 16 & 0xFFFF) << 48
        let offset = Int(SystemLayout.idt) + Int(vector) * 16
        store(low, at: offset, &memory)
        store(target >> 32, at: offset + 8, &memory)
    }

    /// Without arrays: 32 stubs a machine would make a hundred allocations.
    private static func writeStub(_ vector: UInt8, _ memory: inout MutableRawSpan) {
        var offset = Int(SystemLayout.stubs + UInt64(vector) * SystemLayout.stubByteCount)
        if !SystemLayout.pushesErrorCode(vector) {
            memory.storeBytes(of: UInt16(0x006A).littleEndian, toByteOffset: offset, as: UInt16.self)  // push $0
            offset += 2
        }
        var code: UInt64 = 0x6A | UInt64(vector) << 8  // push $vector
        code |= (0xE6 | UInt64(SystemLayout.exceptionPort) << 8) << 16  // out %al, $0xF0
        code |= 0xFD_EBF4 << 32  // 1: hlt; jmp 1b
        store(code, at: offset, &memory)
    }

    private static func store(_ value: UInt64, at offset: Int, _ memory: inout MutableRawSpan) {
        memory.storeBytes(of: value.littleEndian, toByteOffset: offset, as: UInt64.self)
    }

    private static func loadByte(at offset: Int, _ memory: borrowing MutableRawSpan) -> UInt8 {
        // SAFETY: any byte is a UInt8; the span checks the bounds.
        unsafe memory.bytes.unsafeLoad(fromByteOffset: offset, as: UInt8.self)
    }
}
