// SPDX-License-Identifier: MIT OR Apache-2.0

import VitrineHypervisor
import VitrineObservability
import VitrineWire

extension GuestSession {
    /// Decides about one exit: telemetry first, whatever it is, then what the guest wants.
    @inline(__always)
    mutating func handle(_ exit: borrowing VMExit, _ memory: inout GuestMemory) -> ExitAction {
        telemetry.drain(&memory)
        statistics.exits &+= 1
        if case .portWrite(GuestABI.Port.ready.rawValue) = copy exit {
            metrics.exits.ready.increment()
            end = .answered
            return .stop
        }
        metrics.exits.count(exit)
        return route(exit, &memory)
    }

    @inline(never)
    private mutating func route(_ exit: borrowing VMExit, _ memory: inout GuestMemory) -> ExitAction {
        switch copy exit {
        case .portWrite(let port):
            return handlePort(port, &memory)
        case .kicked:
            wasKicked = true
            return .resume
        case .exception(let exception):
            end = .failed(.exception(exception, buffers: buffers))
        case .shutdown:
            end = .failed(.stopped("the CPU shut down, as after a fault inside a fault"))
        case .unexpected(let reason):
            end = .failed(.stopped("\(reason)"))
        }
        return .stop
    }

    private mutating func handlePort(_ port: UInt16, _ memory: inout GuestMemory) -> ExitAction {
        switch GuestABI.Port(rawValue: port) {
        case .ready:
            end = .answered
            return .stop
        case .drain:
            return .resume
        case .callHost:
            guard wasCalled else {
                end = .failed(.protocolViolation("the guest called the host while it started"))
                return .stop
            }
            do throws(SandboxError) {
                try serveHostCall(&memory)
                telemetry.resume(in: &memory)
                return .resume
            } catch {
                end = .failed(error)
                return .stop
            }
        case .abort:
            end = .failed(abortError(in: memory))
            return .stop
        case .exception, nil:
            // Closed by the I/O bitmap: a backend that lets it through is broken.
            end = .failed(.stopped("port \(hexadecimal(UInt64(port))) is not the guest's to ring"))
            return .stop
        }
    }
}
