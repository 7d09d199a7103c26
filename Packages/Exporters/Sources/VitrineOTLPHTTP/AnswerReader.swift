// SPDX-License-Identifier: MIT OR Apache-2.0

internal import AsyncHTTPClient
internal import Dispatch
internal import NIOCore
internal import NIOHTTP1
internal import Synchronization
internal import VitrineGzip
internal import VitrineOTLP
internal import VitrineOTLPExport

/// An answer as it arrived.
struct ReceivedAnswer: Sendable {
    var statusCode = 0
    var retryAfter: String?
    var contentCoding: String?
    var body: [UInt8] = []

    /// What the exporter gets: the body without its coding, or as it came if it is not in the coding that it claims.
    var response: OTLPResponse {
        var body = body
        if let coding = contentCoding?.lowercased(), coding == "gzip" || coding == "x-gzip", !body.isEmpty {
            body = (try? GzipDecoder.decode(body.span, maximumByteCount: OTLPAnswer.maximumByteCount))?.bytes ?? body
        }
        return OTLPResponse(statusCode: statusCode, retryAfter: retryAfter, body: body)
    }
}

/// Takes one answer in on an event loop, for a thread that waits for it.
final class AnswerReader: HTTPClientResponseDelegate, Sendable {
    typealias Response = Void
    typealias Outcome = Result<ReceivedAnswer, any Error>

    private struct State {
        var answer = ReceivedAnswer()
        var outcome: Outcome?
    }

    private let state = Mutex(State())
    private let semaphore = DispatchSemaphore(value: 0)

    func didReceiveHead(task: HTTPClient.Task<Void>, _ head: HTTPResponseHead) -> EventLoopFuture<Void> {
        begin(head)
        return task.eventLoop.makeSucceededVoidFuture()
    }

    /// The status has come, and what there is to know before the body.
    func begin(_ head: HTTPResponseHead) {
        state.withLock { state in
            state.answer.statusCode = Int(head.status.code)
            state.answer.retryAfter = head.headers.first(name: "Retry-After")
            state.answer.contentCoding = head.headers.first(name: "Content-Encoding")
        }
    }

    func didReceiveBodyPart(task: HTTPClient.Task<Void>, _ part: ByteBuffer) -> EventLoopFuture<Void> {
        let isTooMuch = state.withLock { state in
            let room = OTLPAnswer.maximumByteCount - state.answer.body.count
            state.answer.body += part.readableBytesView.prefix(room)
            return part.readableBytes > room
        }
        if isTooMuch {
            // The status is what counts. Cancelling closes the connection, with the rest in it.
            finish(nil)
            task.cancel()
        }
        return task.eventLoop.makeSucceededVoidFuture()
    }

    func didFinishRequest(task: HTTPClient.Task<Void>) throws {
        finish(nil)
    }

    /// Ends the wait, with an error or with what has arrived. Only the first call counts; says whether this is it.
    ///
    /// A receiver that refuses a request may do so before it has read the body, and close or say no more: a status of failure
    /// that has come is the answer, whatever happens to the rest.
    @discardableResult
    func finish(_ error: (any Error)?) -> Bool {
        let isFirst = state.withLock { state in
            guard state.outcome == nil else { return false }
            if let error, state.answer.statusCode < 300 {
                state.outcome = .failure(error)
            } else {
                state.outcome = .success(state.answer)
            }
            return true
        }
        if isFirst { semaphore.signal() }
        return isFirst
    }

    /// Waits for the end.
    ///
    /// - Parameter giveUp: called if it does not come in time.
    func wait(until deadline: NIODeadline, giveUp: () -> Void) -> Outcome {
        let rest = max(0, (deadline - .now()).nanoseconds)
        _ = semaphore.wait(timeout: .now() + .nanoseconds(Int(rest)))
        // The client has the same deadline, and may get to it earlier or later than this thread: it is all the same.
        let late = HTTPClientError.deadlineExceeded
        if finish(late) { giveUp() }
        return state.withLock { $0.outcome } ?? .failure(late)
    }
}
