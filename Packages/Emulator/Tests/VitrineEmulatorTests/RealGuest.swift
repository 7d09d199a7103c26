// SPDX-License-Identifier: MIT OR Apache-2.0

import VitrineELF
import VitrineEmulator
import VitrineHypervisor
import VitrineWire

/// A guest of the repository's Guests/bin on the emulator, with as much of a host as a call needs.
struct RealGuest: ~Copyable {
    var machine: any VirtualMachine & ~Copyable
    private let input: MemoryRegion
    private let output: MemoryRegion
    private var sequence: UInt64

    /// Boots it to its first READY.
    static func boot(path: String) throws -> RealGuest {
        var guest = try RealGuest(path: path)
        let exit = try guest.runToExit()
        guard exit == ready else { throw Unexpected(exit: exit) }
        return guest
    }

    private init(path: String) throws {
        let file = TestFile.bytes(path) ?? []
        let image = try ELFImage(parsing: file)
        let map = try MemoryMap(
            segments: image.segments.map {
                ImageSegment(
                    address: GuestAddress($0.address), byteCount: $0.byteCount,
                    permissions: Self.permissions($0.permissions))
            })
        var memory = try GuestMemory(map)
        try image.load { (address, bytes) throws(GuestMemoryError) in
            for index in 0..<bytes.byteCount {
                // SAFETY: in bounds; any byte is a UInt8.
                let byte = unsafe bytes.unsafeLoad(fromByteOffset: index, as: UInt8.self)
                try memory.store(byte, at: GuestAddress(address + UInt64(index)))
            }
        }
        try image.relocate { (address, value) throws(GuestMemoryError) in
            try memory.store(value, at: GuestAddress(address))
        }
        func extent(_ kind: MemoryRegion.Kind) -> RegionExtent {
            let region = map.region(kind)
            return RegionExtent(address: region.address.rawValue, byteCount: UInt64(region.byteCount))
        }
        let page = ControlPage(
            image: RegionExtent(address: image.extent.lowerBound, byteCount: UInt64(image.extent.count)),
            input: extent(.input), output: extent(.output), telemetry: extent(.telemetry), heap: extent(.heap),
            stack: extent(.stack), randomSeed: (1, 2), maximumLevel: .off, features: [])
        var controlPage = try memory.mutableBytes(at: MemoryMap.controlPage, byteCount: MemoryMap.pageByteCount)
        page.write(to: &controlPage)
        let machine = try EmulatorHypervisor().makeMachine(memory: memory, entry: GuestAddress(image.entry))
        sequence = 0
        self.machine = machine
        input = map.region(.input)
        output = map.region(.output)
    }

    /// Calls a function of two int64 and reads its int64.
    mutating func call(_ name: String, _ first: Int64, _ second: Int64) throws -> Int64 {
        try begin(name, first, second)
        let exit = try runToExit()
        guard exit == Self.ready else { throw Unexpected(exit: exit) }
        let output = output
        return try machine.withMemory { memory throws in
            let bytes = try memory.bytes(at: output.address, byteCount: output.byteCount)
            let range = try Mailbox(reading: bytes).messageRange(outputByteCount: output.byteCount)
            var message = try MessageReader(bytes.extracting(range))
            let value = try message.nextValue()
            return try value.int64()
        }
    }

    /// Calls a function without parameters and gives the exit that ends it.
    mutating func exit(of name: String, deadline: HostInstant? = nil) throws -> VMExit? {
        try announce { writer throws in
            try writer.beginCall(name: name, parameterCount: 0, resultType: .void)
        }
        return try runToExit(deadline: deadline)
    }

    private static let ready = VMExit.portWrite(port: UInt16(GuestABI.Port.ready.rawValue))

    private static func permissions(_ file: ELFPermissions) -> MemoryPermissions {
        var permissions = MemoryPermissions.read
        if file.contains(.write) { permissions.insert(.write) }
        if file.contains(.execute) { permissions.insert(.execute) }
        return permissions
    }

    struct Unexpected: Error { let exit: VMExit? }

    private mutating func begin(_ name: String, _ first: Int64, _ second: Int64) throws {
        try announce { writer throws in
            try writer.beginCall(name: name, parameterCount: 2, resultType: .int64)
            try writer.append(first)
            try writer.append(second)
        }
    }

    private mutating func announce(_ write: (inout MessageWriter) throws -> Void) throws {
        sequence += 1
        let (input, sequence) = (input, sequence)
        try machine.withMemory { memory throws in
            var writer = MessageWriter(try memory.mutableBytes(at: input.address, byteCount: input.byteCount))
            try write(&writer)
            let byteCount = try writer.finish()
            var page = try memory.mutableBytes(at: MemoryMap.controlPage, byteCount: MemoryMap.pageByteCount)
            ControlPage.Request(sequence: sequence, offset: 0, byteCount: UInt64(byteCount)).write(to: &page)
        }
    }

    private mutating func runToExit(deadline: HostInstant? = nil) throws -> VMExit? {
        var last: VMExit?
        let limit = deadline ?? .now.advanced(by: .seconds(300))
        _ = try machine.run(deadline: limit) { exit, _ in
            if exit == .kicked { return .resume }
            last = copy exit
            return .stop
        }
        return last
    }
}
