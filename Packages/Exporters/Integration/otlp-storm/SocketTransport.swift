// SPDX-License-Identifier: MIT OR Apache-2.0

import Synchronization
import VitrineOTLP
import VitrineOTLPExport

/// Posts requests to this machine, those of each signal over a connection of its own, which is kept.
final class SocketTransport: OTLPTransport {
    private struct State {
        var socket: Socket?
        var buffer: [UInt8] = []
        var scratch = [UInt8](repeating: 0, count: 1 << 16)
    }

    private let port: UInt16
    private let traces = Mutex(State())
    private let metrics = Mutex(State())
    private let logs = Mutex(State())

    init(port: UInt16) { self.port = port }

    func send(
        _ signal: OTLPSignal, _ body: [UInt8], timeoutMilliseconds: UInt32
    ) throws(OTLPTransportError) -> OTLPResponse {
        switch signal {
        case .traces: try send(signal, body, timeoutMilliseconds, over: traces)
        case .metrics: try send(signal, body, timeoutMilliseconds, over: metrics)
        case .logs: try send(signal, body, timeoutMilliseconds, over: logs)
        }
    }

    private func send(
        _ signal: OTLPSignal, _ body: [UInt8], _ timeoutMilliseconds: UInt32, over state: borrowing Mutex<State>
    ) throws(OTLPTransportError) -> OTLPResponse {
        try state.withLock { state throws(OTLPTransportError) in
            if state.socket == nil { state.socket = Socket.connected(to: port) }
            guard let socket = state.socket else { throw .connection(reason: "nobody listens") }
            socket.setTimeout(milliseconds: timeoutMilliseconds)
            let head =
                "POST \(signal.path) HTTP/1.1\r\nHost: localhost:\(port)\r\nContent-Type: \(OTLPSignal.contentType)\r\n"
                + "Content-Length: \(body.count)\r\n\r\n"
            guard socket.send(Array(head.utf8)), socket.send(body),
                let answer = HTTPMessage.read(from: socket, &state.buffer, &state.scratch),
                let code = Int(answer.line.split(separator: " ").dropFirst().first ?? "")
            else {
                state.socket = nil
                state.buffer = []
                throw .connection(reason: "the connection broke")
            }
            return OTLPResponse(statusCode: code, body: answer.body)
        }
    }
}
