// SPDX-License-Identifier: MIT OR Apache-2.0

import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import Testing

@testable import VitrineOTLPHTTP

@Suite("OTLP over HTTP, answers in parts")
struct AnswerReaderTests {
    /// What is made of an answer whose head has come, and whose rest has not when the time is over; and how often the request
    /// was given up.
    private func outcome(afterHead status: HTTPResponseStatus?) -> (AnswerReader.Outcome, giveUps: Int) {
        let reader = AnswerReader()
        if let status {
            reader.begin(HTTPResponseHead(version: .http1_1, status: status, headers: ["Retry-After": "7"]))
        }
        var giveUps = 0
        let outcome = reader.wait(until: .now()) { giveUps += 1 }
        // What the client says later changes nothing.
        reader.finish(nil)
        #expect(reader.wait(until: .now()) { giveUps += 1 }.isSuccess == outcome.isSuccess)
        return (outcome, giveUps)
    }

    @Test(
        "takes a status of failure whose body does not come for the answer",
        arguments: [.badRequest, .payloadTooLarge, .serviceUnavailable, .temporaryRedirect] as [HTTPResponseStatus])
    func failure(status: HTTPResponseStatus) throws {
        let (outcome, giveUps) = outcome(afterHead: status)
        let answer = try outcome.get()
        #expect(answer.statusCode == Int(status.code))
        #expect(answer.retryAfter == "7")
        #expect(giveUps == 1)
    }

    @Test("does not take a success whose body does not come for one, nor silence")
    func success() {
        for status in [HTTPResponseStatus.ok, nil] {
            let (outcome, giveUps) = outcome(afterHead: status)
            #expect(throws: HTTPClientError.deadlineExceeded) { try outcome.get() }
            #expect(giveUps == 1)
        }
    }
}

extension Result {
    fileprivate var isSuccess: Bool { if case .success = self { true } else { false } }
}
