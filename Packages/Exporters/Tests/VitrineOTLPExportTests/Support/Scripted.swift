// SPDX-License-Identifier: MIT OR Apache-2.0

import Synchronization
import VitrineOTLP
import VitrineObservability

@testable import VitrineOTLPExport

/// A clock that only moves when it is told to.
final class ManualClock: Sendable {
    private let nanoseconds = Atomic<UInt64>(1_000_000_000)
    private let randomState = Mutex<Double?>(nil)

    /// The wall clock when the other shows nothing: 2025-11-24T16:00:00Z.
    static let epoch: UInt64 = 1_764_000_000_000_000_000

    /// What `random` gives.
    func setRandom(_ value: Double) { randomState.withLock { $0 = value } }

    var now: UInt64 { nanoseconds.load(ordering: .relaxed) }

    func advance(to time: UInt64) { if time > now { nanoseconds.store(time, ordering: .relaxed) } }

    func advance(milliseconds: UInt64) { nanoseconds.wrappingAdd(milliseconds * 1_000_000, ordering: .relaxed) }

    var clock: ExportClock {
        ExportClock(
            now: { self.now }, wallTime: { Timestamp(nanosecondsSinceEpoch: Self.epoch + self.now) },
            random: { self.randomState.withLock { $0 } ?? 0.5 })
    }
}

/// A receiver that answers as it was told, and then 200 for ever.
final class ScriptedTransport: OTLPTransport {
    typealias Answer = Result<OTLPResponse, OTLPTransportError>

    struct Request: Sendable {
        let signal: OTLPSignal
        let body: [UInt8]
        let timeoutMilliseconds: UInt32
        let time: UInt64

        /// What made it.
        var work: ExportWork {
            if body == Array(SpoolTestFolder.text.utf8) { return .recovery }
            return switch signal {
            case .traces: .spans
            case .logs: .logs
            case .metrics: .metrics
            }
        }
    }

    private struct State {
        var answers: [Answer]
        var requests: [Request] = []
        var hang: Hang?
    }

    private struct Hang: Sendable {
        let work: ExportWork
        let body: @Sendable () -> Void
        let answer: Answer
    }

    private let state: Mutex<State>
    private let fallback: Answer
    private let clock: ManualClock?
    /// Runs before each answer, on the exporter's thread.
    private let whileSending: @Sendable () -> Void
    /// The most bytes of a body that it does not answer 413 for, whatever it was told.
    private let byteLimit: Int

    init(
        _ answers: [Answer] = [], then fallback: Answer = .success(OTLPResponse(statusCode: 200)),
        clock: ManualClock? = nil, byteLimit: Int = .max, whileSending: @escaping @Sendable () -> Void = {}
    ) {
        self.byteLimit = byteLimit
        state = Mutex(State(answers: answers.reversed()))
        self.fallback = fallback
        self.clock = clock
        self.whileSending = whileSending
    }

    var requests: [Request] { state.withLock { $0.requests } }

    /// Has the requests for a work hang: what happens while they do is the body, and then they get this answer. Files are those
    /// that have `SpoolTestFolder.text`.
    func hang(
        _ work: ExportWork, then answer: Answer = .failure(.timeout), while body: @escaping @Sendable () -> Void
    ) {
        state.withLock { $0.hang = Hang(work: work, body: body, answer: answer) }
    }

    func hangNoMore() { state.withLock { $0.hang = nil } }

    func send(
        _ signal: OTLPSignal, _ body: [UInt8], timeoutMilliseconds: UInt32
    ) throws(OTLPTransportError) -> OTLPResponse {
        whileSending()
        let request = Request(
            signal: signal, body: body, timeoutMilliseconds: timeoutMilliseconds, time: clock?.now ?? 0)
        let (answer, hang) = state.withLock { state -> (Answer?, Hang?) in
            state.requests.append(request)
            if body.count > byteLimit { return (.status(413), nil) }
            if let hang = state.hang, hang.work == request.work { return (hang.answer, hang) }
            return (state.answers.popLast(), nil)
        }
        hang?.body()
        return try (answer ?? fallback).get()
    }
}

extension Result where Success == OTLPResponse, Failure == OTLPTransportError {
    static func status(_ code: Int, retryAfter: String? = nil, body: [UInt8] = []) -> Self {
        .success(OTLPResponse(statusCode: code, retryAfter: retryAfter, body: body))
    }

    /// 200, but for so many records.
    static func partial(_ count: UInt8, _ message: String = "") -> Self {
        let text = Array(message.utf8)
        let partial = [0x08, count] + (text.isEmpty ? [] : [0x12, UInt8(text.count)] + text)
        return .status(200, body: [0x0A, UInt8(partial.count)] + partial)
    }

    static var down: Self { .failure(.connection(reason: "refused")) }
}
