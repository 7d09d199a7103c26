// SPDX-License-Identifier: MIT OR Apache-2.0

internal import VitrineHypervisor

/// A machine with a few instructions in it, and what the checks ask of it.
struct TinyGuest: ~Copyable {
    /// Where the code begins; readable and executable.
    static let code: UInt64 = 0x20_0000
    /// A read-only segment.
    static let constants: UInt64 = 0x21_0000
    /// A writable segment of one page.
    static let data: UInt64 = 0x22_0000

    var machine: any VirtualMachine & ~Copyable
    let map: MemoryMap
    /// What the hypervisor has declared.
    let differences: Set<BackendDifference>

    init(_ hypervisor: any Hypervisor, _ code: [UInt8]) throws(ConformanceFailure) {
        let memory = try Self.memory(code)
        let map = memory.map
        machine = try Self.machine(hypervisor, memory)
        self.map = map
        differences = hypervisor.differences
    }

    private static func machine(
        _ hypervisor: any Hypervisor, _ memory: consuming GuestMemory
    ) throws(ConformanceFailure) -> any VirtualMachine & ~Copyable {
        do throws(HypervisorError) {
            return try hypervisor.makeMachine(memory: memory, entry: GuestAddress(code))
        } catch { throw .hypervisor(error) }
    }

    /// Memory with the code in it and small regions.
    static func memory(_ code: [UInt8]) throws(ConformanceFailure) -> GuestMemory {
        let map: MemoryMap
        do throws(MemoryMapError) {
            map = try MemoryMap(
                segments: [
                    ImageSegment(address: GuestAddress(Self.code), byteCount: 4096, permissions: [.read, .execute]),
                    ImageSegment(address: GuestAddress(constants), byteCount: 4096, permissions: .read),
                    ImageSegment(address: GuestAddress(data), byteCount: 4096, permissions: [.read, .write]),
                ],
                sizes: MemorySizes(input: 4096, output: 4096, telemetry: 4096, heap: 64 << 10, stack: 16 << 10))
        } catch { throw .map(error) }
        var memory: GuestMemory
        do throws(HypervisorError) { memory = try GuestMemory(map) } catch { throw .hypervisor(error) }
        do throws(GuestMemoryError) {
            for (index, byte) in code.enumerated() {
                try memory.store(byte, at: GuestAddress(Self.code + UInt64(index)))
            }
        } catch { throw .memory(error) }
        return memory
    }

    /// Runs to the next exit but late kicks, which any guest may see. A deadline keeps a broken backend from hanging
    /// the suite.
    mutating func nextExit() throws(ConformanceFailure) -> VMExit {
        var last: VMExit?
        let outcome = try run(deadline: HostInstant.now.advanced(by: .seconds(300))) { exit, _ in
            guard exit != .kicked else { return .resume }
            last = copy exit
            return .stop
        }
        guard outcome == .stopped, let last else { throw .outcome(expected: .stopped, actual: outcome) }
        return last
    }

    /// Runs with any handler.
    mutating func run(
        deadline: HostInstant?, _ onExit: (borrowing VMExit, inout GuestMemory) -> ExitAction
    ) throws(ConformanceFailure) -> RunOutcome {
        do throws(HypervisorError) { return try machine.run(deadline: deadline, onExit) } catch {
            throw .hypervisor(error)
        }
    }

    /// Runs to the next exit, which must be a ring of the port.
    mutating func expectPort(_ port: UInt8) throws(ConformanceFailure) {
        let exit = try nextExit()
        guard exit == .portWrite(port: UInt16(port)) else {
            throw .exit(expected: "write to port \(port)", actual: exit)
        }
    }

    /// Runs to the next exit, which must be an exception with one of the vectors; then the machine must be dead.
    mutating func expectException(_ vectors: UInt8...) throws(ConformanceFailure) -> GuestException {
        let exit = try nextExit()
        guard case .exception(let exception) = exit, vectors.contains(exception.vector) else {
            throw .exit(expected: vectors.map(GuestException.name(ofVector:)).joined(separator: " or "), actual: exit)
        }
        try expectDead()
        return exception
    }

    /// Another run must be refused.
    mutating func expectDead() throws(ConformanceFailure) {
        do throws(HypervisorError) {
            _ = try machine.run(deadline: nil) { _, _ in .stop }
        } catch {
            guard error == .machineDead else { throw .hypervisor(error) }
            return
        }
        throw .missingError(expected: .machineDead)
    }

    /// Reads a word of the guest's memory.
    mutating func word(at address: UInt64) throws(ConformanceFailure) -> UInt64 {
        do throws(GuestMemoryError) {
            return try machine.withMemory { (memory) throws(GuestMemoryError) in
                try memory.load(UInt64.self, at: GuestAddress(address))
            }
        } catch { throw .memory(error) }
    }

    /// Writes a word of the guest's memory.
    mutating func setWord(_ value: UInt64, at address: UInt64) throws(ConformanceFailure) {
        do throws(GuestMemoryError) {
            try machine.withMemory { (memory) throws(GuestMemoryError) in
                try memory.store(value, at: GuestAddress(address))
            }
        } catch { throw .memory(error) }
    }
}

/// Fails unless both are equal.
func expect<Value: Equatable>(
    _ what: String, _ actual: Value, is expected: Value
) throws(ConformanceFailure) {
    guard actual == expected else {
        throw .value(of: what, expected: "\(expected)", actual: "\(actual)")
    }
}
