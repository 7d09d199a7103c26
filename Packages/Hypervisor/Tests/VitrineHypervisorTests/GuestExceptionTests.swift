// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing
import VitrineHypervisor

@Suite("Exits and backends")
struct GuestExceptionTests {
    @Test("names each exception")
    func names() {
        var registers = Registers()
        registers.rip = 0x20_0001
        registers.rsp = 0x41_0000
        let fault = GuestException(vector: 14, errorCode: 6, faultAddress: GuestAddress(8), registers: registers)
        #expect(fault.name == "#PF page fault")
        #expect(fault.instructionPointer == GuestAddress(0x20_0001))
        #expect(fault.stackPointer == GuestAddress(0x41_0000))
        #expect(GuestException.name(ofVector: 13) == "#GP general protection")
        #expect(GuestException.name(ofVector: 31) == "exception 31")
        #expect(Set((UInt8.min...UInt8.max).map(GuestException.name(ofVector:))).count == 256)
    }

    @Test("knows which exits a guest can go on from")
    func resumable() {
        #expect(VMExit.portWrite(port: 0xE0).isResumable)
        #expect(VMExit.kicked.isResumable)
        #expect(!VMExit.shutdown.isResumable)
        #expect(!VMExit.unexpected(.unknown(7)).isResumable)
    }

    @Test("begins a guest with the ABI's registers")
    func entryRegisters() throws {
        let map = try MemoryMap(segments: [MemoryMapTests.code])
        let registers = Registers.atEntry(GuestAddress(0x20_0010), map: map)
        #expect(registers.rip == 0x20_0010)
        #expect(registers.rdi == 0x1F_F000)
        #expect(registers.rsp % 16 == 8)
        #expect(registers.rsp == map.region(.stack).end.rawValue - 8)
        #expect(registers.rflags == 2)
    }

    @Test("finds no software backend where none is linked")
    func noSoftwareBackend() {
        #expect(SoftwareBackend.linked == nil)
    }
}
