// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import Synchronization

/// A receiver of this program's own, which notes what it got. Down until it is started.
final class Receiver: Sendable {
    struct Received: Sendable {
        /// The ids of all spans, in the order in which they came.
        var spanIDs: [UInt64] = []
        var logRecordCount = 0
        var requestCount = 0
        var malformedCount = 0
    }

    let port: UInt16
    private let socket: Socket
    private let state = Mutex(Received())

    init?() {
        guard let socket = Socket.bound() else { return nil }
        self.socket = socket
        port = socket.port
    }

    var received: Received { state.withLock { $0 } }
    var requestCount: Int { state.withLock { $0.requestCount } }

    /// Comes up.
    func start() -> Bool {
        guard socket.listen() else { return false }
        let thread = Thread { [self] in
            while let connection = socket.accept() { Thread { self.serve(connection) }.start() }
        }
        thread.start()
        return true
    }

    func stop() { socket.shutDown() }

    private func serve(_ connection: Socket) {
        let answer = Array("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".utf8)
        var buffer: [UInt8] = []
        var scratch = [UInt8](repeating: 0, count: 1 << 16)
        while let request = HTTPMessage.read(from: connection, &buffer, &scratch) {
            state.withLock { note(request, &$0) }
            guard connection.send(answer) else { return }
        }
    }

    private func note(_ request: HTTPMessage, _ received: inout Received) {
        received.requestCount += 1
        if request.line.hasPrefix("POST /v1/traces ") {
            if !RequestWalk.spanIDs(request.body, { received.spanIDs.append($0) }) { received.malformedCount += 1 }
        } else if request.line.hasPrefix("POST /v1/logs "), let count = RequestWalk.recordCount(request.body) {
            received.logRecordCount += count
        } else {
            received.malformedCount += 1
        }
    }
}
