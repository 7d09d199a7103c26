// SPDX-License-Identifier: MIT OR Apache-2.0

import VitrineELF
import VitrineHypervisor
import VitrineWire

extension GuestImage {
    /// Fresh memory for a guest of these sizes, with the image and the control page in it.
    func makeMemory(
        sizes: SandboxMemory, features: GuestABI.Features
    ) throws(SandboxError) -> GuestMemory {
        let map: MemoryMap
        do throws(MemoryMapError) {
            map = try MemoryMap(
                segments: segments,
                sizes: MemorySizes(
                    input: sizes.input, output: sizes.output, telemetry: sizes.telemetry, heap: sizes.heap,
                    stack: sizes.stack))
        } catch {
            throw Self.impossible(error)
        }
        var memory: GuestMemory
        do throws(HypervisorError) {
            memory = try GuestMemory(map)
        } catch {
            throw .system("the guest's memory of \(map.byteCount) bytes cannot be mapped", underlying: error)
        }
        memory.populateForBoot()
        do throws(GuestMemoryError) {
            try load(into: &memory)
            try Self.writeControlPage(map, features: features, into: &memory)
        } catch {
            throw .system("the image cannot be loaded", underlying: error)
        }
        return memory
    }

    private func load(into memory: inout GuestMemory) throws(GuestMemoryError) {
        try elf.load { (address: UInt64, bytes: RawSpan) throws(GuestMemoryError) in
            var target = try memory.mutableBytes(at: GuestAddress(rawValue: address), byteCount: bytes.byteCount)
            target.copyBytes(of: bytes)
        }
        try elf.relocate { (address: UInt64, value: UInt64) throws(GuestMemoryError) in
            try memory.store(value, at: GuestAddress(rawValue: address))
        }
    }

    private static func writeControlPage(
        _ map: MemoryMap, features: GuestABI.Features, into memory: inout GuestMemory
    ) throws(GuestMemoryError) {
        func extent(_ kind: MemoryRegion.Kind) -> RegionExtent {
            let region = map.region(kind)
            return RegionExtent(address: region.address.rawValue, byteCount: UInt64(region.byteCount))
        }
        let first = map.imageSegments.map(\.address.rawValue).min() ?? 0
        let end = map.imageSegments.map(\.end.rawValue).max() ?? first
        let page = ControlPage(
            image: RegionExtent(address: first, byteCount: end - first),
            input: extent(.input),
            output: extent(.output),
            telemetry: extent(.telemetry),
            heap: extent(.heap),
            stack: extent(.stack),
            randomSeed: (UInt64.random(in: 0 ... .max), UInt64.random(in: 0 ... .max)),
            maximumLevel: .off,
            features: features)
        var bytes = try memory.mutableBytes(at: MemoryMap.controlPage, byteCount: GuestABI.ControlOffset.byteCount)
        page.write(to: &bytes)
    }

    /// A map that cannot be made: sizes of the builder, or segments that `ELFImage` lets pass and the map does not.
    private static func impossible(_ error: MemoryMapError) -> SandboxError {
        switch error {
        case .regionTooSmall(let kind, let byteCount, let minimum):
            .invalidConfiguration(
                "`memory.\(kind)` is \(byteCount) bytes", advice: "It has to be \(minimum) at least.",
                underlying: error)
        case .tooLarge(let maximum):
            .invalidConfiguration(
                "the sizes in `memory` come to more than \(maximum >> 30) GiB", advice: "Ask for less.",
                underlying: error)
        default:
            SandboxError(.badImage, "the image's segments cannot be mapped", underlying: error)
        }
    }
}
