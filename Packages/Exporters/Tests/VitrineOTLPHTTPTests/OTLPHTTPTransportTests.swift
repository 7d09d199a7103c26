// SPDX-License-Identifier: MIT OR Apache-2.0

import AsyncHTTPClient
import Dispatch
import Foundation
import NIOCore
import NIOPosix
import Synchronization
import Testing
import VitrineOTLP
import VitrineOTLPExport
import VitrineObservability

@testable import VitrineOTLPHTTP

@Suite("OTLP over HTTP, transport")
struct OTLPHTTPTransportTests {
    private func transport(_ receiver: Receiver) throws -> OTLPHTTPTransport {
        try OTLPHTTPTransport(OTLPHTTPConfiguration(endpoint: receiver.url))
    }

    @Test("posts each signal to its target, as the protocol wants it")
    func request() throws {
        let receiver = try Receiver()
        var configuration = try OTLPHTTPConfiguration(endpoint: receiver.url)
        configuration.traces.headers = [(name: "Authorization", value: "Bearer abc"), (name: "X-Empty", value: "")]
        configuration.metrics = OTLPHTTPTarget(url: receiver.url, headers: [(name: "User-Agent", value: "mine")])
        configuration.logs.url = "\(receiver.url)/own/?a=b%20c"
        let transport = try OTLPHTTPTransport(configuration)
        for signal in OTLPSignal.allCases {
            let body = Array("span<\(signal.path.count)>".utf8)
            #expect(try transport.send(signal, body, timeoutMilliseconds: 300_000) == OTLPResponse(statusCode: 200))
        }
        let requests = try receiver.requests
        #expect(
            requests.map(\.line)
                == ["POST /v1/traces HTTP/1.1", "POST / HTTP/1.1", "POST /own/?a=b%20c HTTP/1.1"])
        #expect(requests.map(\.spans) == [[10], [11], [8]])
        let headers = try #require(requests.first).headers
        #expect(headers["content-type"] == "application/x-protobuf")
        #expect(headers["user-agent"] == "vitrine-otlp/\(VitrineVersion.current)")
        #expect(headers["accept-encoding"] == "gzip")
        #expect(headers["authorization"] == "Bearer abc")
        #expect(headers["x-empty"] == "")
        #expect(headers["host"] == "127.0.0.1:\(receiver.port)")
        #expect(headers["content-length"] == "8")
        #expect(requests[1].headers["user-agent"] == "mine")
        #expect(requests[1].headers["authorization"] == nil)
    }

    @Test(
        "is called by several threads at once, each of whose bodies arrives as it is",
        arguments: OTLPCompression.allCases)
    func threads(compression: OTLPCompression) throws {
        let receiver = try Receiver()
        var configuration = try OTLPHTTPConfiguration(endpoint: receiver.url)
        configuration.forAllSignals { $0.compression = compression }
        let transport = try OTLPHTTPTransport(configuration)
        let codes = Mutex<[Int]>([])
        DispatchQueue.concurrentPerform(iterations: 40) { number in
            // Of very different sizes: a small one comes while a large one is compressed.
            let padding = [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: number % 4 * 500_000)
            let body = Array("span<\(number)>".utf8) + padding
            let answer = try? transport.send([.traces, .logs][number & 1], body, timeoutMilliseconds: 30_000)
            codes.withLock { $0.append(answer?.statusCode ?? -1) }
        }
        #expect(codes.withLock { $0 } == Array(repeating: 200, count: 40))
        #expect(try receiver.taken == Array(0..<40))
    }

    @Test("uses a connection again")
    func reuse() throws {
        let receiver = try Receiver()
        let transport = try transport(receiver)
        for _ in 0..<20 { _ = try transport.send(.traces, [], timeoutMilliseconds: 300_000) }
        let connections = try receiver.requests.map(\.connection)
        #expect(connections.count == 20)
        // Not one for all: an answer may be here before the client knows that its request has gone out as a whole, and has
        // given the connection back.
        #expect(Set(connections).count < 20)
    }

    @Test("is shared by exporters")
    func shared() throws {
        let receiver = try Receiver()
        let transport = try transport(receiver)
        let senders = try [Sender(transport), Sender(transport)]
        senders[0].send(0..<6)
        senders[1].send(6..<12)
        #expect(senders.map { $0.finish().sentCount } == [6, 6])
        #expect(try receiver.taken == Array(0..<12))
    }

    @Test("outlives receivers that answer and close at once, however busy the machine is")
    func closing() throws {
        let count = 1_000
        let receiver = try Receiver(Array(repeating: "stale", count: count))
        let transport = try transport(receiver)
        // The end of the connection may come before its event loop knows that all was written, or after the next request.
        DispatchQueue.concurrentPerform(iterations: count) { number in
            _ = try? transport.send(.traces, Array("span<\(number)>".utf8), timeoutMilliseconds: 60_000)
        }
        let taken = try receiver.taken
        // Who gets a connection whose end is not known yet fails: on a busy machine that may be every other one.
        #expect(taken.count > count / 10)
        #expect(Set(taken).count == taken.count)
    }

    @Test("takes an answer that comes before the body was read")
    func early() throws {
        let receiver = try Receiver(["early=413"])
        let transport = try transport(receiver)
        let body = [UInt8](repeating: 0, count: 16 << 20)
        #expect(try transport.send(.traces, body, timeoutMilliseconds: 300_000).statusCode == 413)
        #expect(try transport.send(.traces, [], timeoutMilliseconds: 300_000).statusCode == 200)
    }

    @Test("gives reasons of one line and bounded length")
    func reasons() {
        let text = String(repeating: "a\r\n\u{1B}[31m", count: 1_000)
        let error = ConnectionFailure.error(IOError(errnoCode: 5, reason: text), "a:1")
        guard case .connection(let reason) = error else {
            Issue.record("\(error)")
            return
        }
        #expect(reason.count == 401)
        #expect(reason.hasPrefix("a:1 failed: a   [31ma"))
        #expect(reason.unicodeScalars.allSatisfy { $0.value >= 0x20 })
    }

    @Test(
        "says what an address did to a connection, in words",
        arguments: [
            (Int32(111), "a:1 refused the connection: nobody listens there (errno 111)"),
            (104, "a:1 broke the connection off: reset by peer (errno 104)"),
            (113, "a:1 cannot be reached from here (errno 113)"),
        ])
    func words(code: Int32, words: String) {
        #expect(ConnectionFailure.error(IOError(errnoCode: code, reason: "x"), "a:1") == .connection(reason: words))
    }

    @Test("cuts an answer off at what anybody reads")
    func oversize() throws {
        let receiver = try Receiver(["oversize"])
        let response = try transport(receiver).send(.traces, [], timeoutMilliseconds: 300_000)
        #expect(response.statusCode == 200)
        #expect(response.body == [UInt8](repeating: 0x0A, count: OTLPAnswer.maximumByteCount))
        #expect(try receiver.waitForClosed(1))
        #expect(try receiver.wasReadWhole == false)
    }

    @Test("decodes an answer to what anybody reads, and no more")
    func compressed() throws {
        let receiver = try Receiver(["gzip-bomb", "gzip-garbage"])
        let transport = try transport(receiver)
        let bomb = try transport.send(.traces, [], timeoutMilliseconds: 300_000)
        #expect(bomb.body == [UInt8](repeating: 0x0A, count: OTLPAnswer.maximumByteCount))
        let garbage = try transport.send(.traces, [], timeoutMilliseconds: 300_000)
        #expect(garbage == OTLPResponse(statusCode: 200, body: Array("not gzip".utf8)))
    }

    @Test("closes its connections when it is shut down, and fails what comes later")
    func shutdown() throws {
        let receiver = try Receiver()
        let transport = try transport(receiver)
        #expect(try transport.send(.traces, [], timeoutMilliseconds: 300_000).statusCode == 200)
        transport.shutdown()
        #expect(try receiver.waitForClosed(1))
        #expect(throws: OTLPTransportError.connection(reason: "the transport was shut down")) {
            try transport.send(.traces, [], timeoutMilliseconds: 300_000)
        }
        transport.shutdown()
    }

    @Test("works on one event loop, so that a connection's end comes in its turn")
    func eventLoop() throws {
        var count = 0
        for _ in try OTLPHTTPTransport(OTLPHTTPConfiguration()).client.eventLoopGroup.makeIterator() { count += 1 }
        #expect(count == 1)
    }

    @Test("may be shut down, and lose its connection, right behind an answer")
    func endBehindAnswer() throws {
        let rounds = 50
        // The answer to the second request comes on a connection that was used before, and is its end.
        let receiver = try Receiver((0..<rounds).flatMap { _ in ["200", "stale"] })
        for round in 0..<rounds {
            let transport = try transport(receiver)
            for _ in 0..<2 {
                #expect(try transport.send(.traces, [1], timeoutMilliseconds: 300_000).statusCode == 200)
            }
            if round % 2 == 0 { transport.shutdown() }
        }
    }

    @Test("fails the request that is under way when it is shut down")
    func shutdownMeanwhile() async throws {
        let receiver = try Receiver(["never"])
        let transport = try transport(receiver)
        let thread = Thread {
            while (try? receiver.requests.count) != 1 { Thread.sleep(forTimeInterval: 0.01) }
            transport.shutdown()
        }
        thread.start()
        #expect(throws: OTLPTransportError.connection(reason: "the transport was shut down")) {
            try transport.send(.traces, [], timeoutMilliseconds: 300_000)
        }
    }

    @Test("closes its connections when nobody has it any more, be it on an event loop")
    func release() async throws {
        let receiver = try Receiver()
        var transport: OTLPHTTPTransport? = try self.transport(receiver)
        #expect(try transport?.send(.traces, [], timeoutMilliseconds: 300_000).statusCode == 200)
        transport = nil
        #expect(try receiver.waitForClosed(1))
        for _ in 0..<20 {
            let unused = try self.transport(receiver)
            try await MultiThreadedEventLoopGroup.singleton.next().submit { unused.shutdown() }.get()
        }
    }

    @Test("makes no spans about its requests")
    func silent() {
        #expect(OTLPHTTPTransport.clientConfiguration.tracing.tracer == nil)
    }
}
