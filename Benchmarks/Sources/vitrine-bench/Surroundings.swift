// SPDX-License-Identifier: MIT OR Apache-2.0

import BenchmarkHarness
import Foundation
import Vitrine
import VitrineKVM

/// What every case needs: the guest, the floor if it can run, and how often to measure.
struct Surroundings: Sendable {
    /// Rounds asked for on the command line; nil for each case's own number.
    let rounds: Int?
    private let image: GuestImage
    /// The backend's name.
    let backendName: String
    /// What figures with a floor are compared with.
    static let floorName = "raw-KVM floor in C"

    /// Reads the guest and boots it once to see what it runs on.
    init(guestPath: String, rounds: Int?) throws {
        self.rounds = rounds
        image = try GuestImage(file: guestPath)
        backendName = try SandboxBuilder(guest: .image(image)).build().backendName
    }

    /// Whether the floor can be measured beside Vitrine: KVM works, and Vitrine runs on it as well.
    var hasFloor: Bool { backendName == "kvm" && Floor.isAvailable }

    /// A floor VM, or nil where there is none.
    func floor() throws -> Floor? { hasFloor ? try Floor() : nil }

    /// A builder with buffers for messages of 1 MiB and no host function.
    var plainBuilder: SandboxBuilder {
        var builder = SandboxBuilder(guest: .image(image))
        builder.memory.input = 2 << 20
        builder.memory.output = 2 << 20
        return builder
    }

    /// A builder with the host function that the guest calls.
    var builder: SandboxBuilder {
        var builder = plainBuilder
        builder.hostFunction("multiply") { (first: Int64, second: Int64) -> Int64 in first &* second }
        return builder
    }

    /// Waits until the machine that was dropped last is gone, and the kernel has come to rest; both sides of a figure
    /// begin with this. Vitrine closes VMs on a thread of its own, the floor at once: without the wait the one would
    /// disturb the other's next VM, and KVM's switches that count VMs (static keys that rewrite kernel code for the first
    /// and the last) would turn on one side only.
    static func settle() {
        KVMHypervisor.drainTeardown()
        Thread.sleep(forTimeInterval: 0.003)
    }

    /// The plan of a case that measures `rounds` rounds by default.
    func plan(rounds: Int, batch: Int, samplesPerOperation: Int = 1) -> RoundPlan {
        RoundPlan(rounds: self.rounds ?? rounds, batch: batch, samplesPerOperation: samplesPerOperation)
    }
}
