// SPDX-License-Identifier: MIT OR Apache-2.0

internal import VitrineHypervisor

/// What guest code may read, write and execute.
enum PermissionChecks {
    static let all = [
        ConformanceCheck("every region can be read", readableRegions),
        ConformanceCheck("writable regions can be written to their last byte", writableRegions),
        ConformanceCheck("writes to read-only regions fault", readOnlyRegions),
        ConformanceCheck(
            "fetches from regions without execute permission fault", relaxedBy: [.inexactPageFaultErrorCode],
            executableRegions),
        ConformanceCheck("the system's pages cannot be read", relaxedBy: [.inexactPageFaultErrorCode], systemReads),
        ConformanceCheck("the system's pages cannot be written", relaxedBy: [.inexactPageFaultErrorCode], systemWrites),
        ConformanceCheck(
            "the system's pages cannot be executed", relaxedBy: [.inexactPageFaultErrorCode], systemFetches),
        ConformanceCheck("unmapped addresses fault", relaxedBy: [.inexactPageFaultErrorCode], unmapped),
        ConformanceCheck("a stack that grows without end meets its guard", stackOverflow),
        ConformanceCheck("nothing is mapped above the heap", heapOverflow),
    ]

    /// Page fault error code bits: protection violation, write, user, instruction fetch.
    private enum Code {
        static let present: UInt64 = 1
        static let write: UInt64 = 2
        static let user: UInt64 = 4
        static let fetch: UInt64 = 16
    }

    private static let systemPages: [UInt64] = [0x1_0000, 0x1_1000, 0x1_3000]
    private static let unmappedPages: [UInt64] = [0, 0x1000, 0xF000, 0x1_2FF8, 0x1_4000, 0x2_0000, 0x2_1000, 0x2_2000]

    @Sendable private static func readableRegions(_ hypervisor: any Hypervisor) throws(ConformanceFailure) {
        for region in try TinyGuest.memory([]).map.regions {
            for address in [region.address.rawValue, region.end.rawValue - 8] {
                let code = MachineCode.loadRDI(address) + MachineCode.loadRAXAtRDI + MachineCode.ring(0xE2)
                var guest = try TinyGuest(hypervisor, code)
                try guest.expectPort(0xE2)
            }
        }
    }

    @Sendable private static func writableRegions(_ hypervisor: any Hypervisor) throws(ConformanceFailure) {
        for region in try TinyGuest.memory([]).map.regions where region.permissions.contains(.write) {
            for address in [region.address.rawValue, region.end.rawValue - 8] {
                let code =
                    MachineCode.loadRDI(address) + MachineCode.loadRAX(address &* 3) + MachineCode.storeRAXAtRDI
                    + MachineCode.ring(0xE2)
                var guest = try TinyGuest(hypervisor, code)
                try guest.expectPort(0xE2)
                try expect("word at \(address)", try guest.word(at: address), is: address &* 3)
            }
        }
    }

    @Sendable private static func readOnlyRegions(_ hypervisor: any Hypervisor) throws(ConformanceFailure) {
        for region in try TinyGuest.memory([]).map.regions where !region.permissions.contains(.write) {
            for address in [region.address.rawValue, region.end.rawValue - 8] {
                try expectFault(hypervisor, write: address, Code.present | Code.write | Code.user)
            }
        }
    }

    @Sendable private static func executableRegions(_ hypervisor: any Hypervisor) throws(ConformanceFailure) {
        for region in try TinyGuest.memory([]).map.regions where !region.permissions.contains(.execute) {
            for address in [region.address.rawValue, region.end.rawValue - 8] {
                try expectFault(hypervisor, fetch: address, Code.present | Code.user | Code.fetch)
            }
        }
    }

    @Sendable private static func systemReads(_ hypervisor: any Hypervisor) throws(ConformanceFailure) {
        for page in systemPages { try expectFault(hypervisor, read: page + 8, Code.present | Code.user) }
    }

    @Sendable private static func systemWrites(_ hypervisor: any Hypervisor) throws(ConformanceFailure) {
        for page in systemPages { try expectFault(hypervisor, write: page, Code.present | Code.write | Code.user) }
    }

    @Sendable private static func systemFetches(_ hypervisor: any Hypervisor) throws(ConformanceFailure) {
        for page in systemPages { try expectFault(hypervisor, fetch: page, Code.present | Code.user | Code.fetch) }
    }

    @Sendable private static func unmapped(_ hypervisor: any Hypervisor) throws(ConformanceFailure) {
        for page in unmappedPages {
            try expectFault(hypervisor, read: page, Code.user)
            try expectFault(hypervisor, write: page, Code.write | Code.user)
            try expectFault(hypervisor, fetch: page, Code.user | Code.fetch)
        }
        // Between segments, at the end of the lower half, and in the upper half, whose absent tables some report as
        // violations with reserved bits.
        for address: UInt64 in [0x21_8000, 0x7FFF_FFFF_F000, 0x1_0000_0000, 0xFFFF_8000_0000_0000] {
            var guest = try TinyGuest(hypervisor, MachineCode.loadRDI(address) + MachineCode.storeRAXAtRDI)
            let exception = try guest.expectException(14)
            try expect("fault address", exception.faultAddress, is: GuestAddress(address))
        }
    }

    @Sendable private static func stackOverflow(_ hypervisor: any Hypervisor) throws(ConformanceFailure) {
        // 1: push %rax; jmp 1b
        var guest = try TinyGuest(hypervisor, [0x50, 0xEB, 0xFD])
        let exception = try guest.expectException(14)
        let bottom = guest.map.region(.stack).address.rawValue
        try expect("fault address", exception.faultAddress, is: GuestAddress(bottom - 8))
        try expect("stack pointer", exception.stackPointer, is: GuestAddress(bottom))
        // sub $32768, %rsp below the stack, then push: still in the guard
        let jump = MachineCode.loadRSP(bottom) + [0x48, 0x81, 0xEC] + MachineCode.word(UInt32(32768)) + [0x50]
        var far = try TinyGuest(hypervisor, jump)
        try expect("fault address", try far.expectException(14).faultAddress, is: GuestAddress(bottom - 32776))
    }

    @Sendable private static func heapOverflow(_ hypervisor: any Hypervisor) throws(ConformanceFailure) {
        let map = try TinyGuest.memory([]).map
        try expectFault(hypervisor, write: map.region(.heap).end.rawValue, Code.write | Code.user)
    }

    private static func expectFault(
        _ hypervisor: any Hypervisor, read address: UInt64, _ code: UInt64
    ) throws(ConformanceFailure) {
        try expectFault(hypervisor, MachineCode.loadRDI(address) + MachineCode.loadRAXAtRDI, address, code)
    }

    private static func expectFault(
        _ hypervisor: any Hypervisor, write address: UInt64, _ code: UInt64
    ) throws(ConformanceFailure) {
        try expectFault(hypervisor, MachineCode.loadRDI(address) + MachineCode.storeRAXAtRDI, address, code)
    }

    private static func expectFault(
        _ hypervisor: any Hypervisor, fetch address: UInt64, _ code: UInt64
    ) throws(ConformanceFailure) {
        try expectFault(
            hypervisor, MachineCode.loadRDI(address) + MachineCode.jumpToRDI, address, code, pointer: address)
    }

    private static func expectFault(
        _ hypervisor: any Hypervisor, _ instructions: [UInt8], _ address: UInt64, _ code: UInt64,
        pointer: UInt64 = TinyGuest.code + 10
    ) throws(ConformanceFailure) {
        var guest = try TinyGuest(hypervisor, instructions + MachineCode.ring(0xE0))
        let exception = try guest.expectException(14)
        try expect("fault address", exception.faultAddress, is: GuestAddress(address))
        try expect("instruction pointer", exception.instructionPointer, is: GuestAddress(pointer))
        let isExact = !guest.differences.contains(.inexactPageFaultErrorCode)
        // What remains sure is whether it was a write.
        let mask = isExact ? UInt64.max : Code.write
        try expect("error code at \(address)", exception.errorCode & mask, is: code & mask)
    }
}
