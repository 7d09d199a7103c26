// SPDX-License-Identifier: MIT OR Apache-2.0

import NIOCore
import NIOHTTPTypes

/// Closes a connection that takes longer than it may: to send a head or a body, to take an answer, or to say anything more.
///
/// The server closes idle connections by itself, but waits without end for a client that does not read its answer or that
/// drips a body.
final class ConnectionDeadlines: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let request: TimeAmount
    private let idle: TimeAmount
    private var deadline: Scheduled<Void>?
    /// Requests whose answer has not gone out.
    private var requestCount = 0
    /// Whether a request has begun that has not ended.
    private var isReading = false

    init(request: Duration, idle: Duration) {
        self.request = TimeAmount(request)
        self.idle = TimeAmount(idle)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        if context.channel.isActive { close(context, after: request) }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        deadline?.cancel()
    }

    func channelActive(context: ChannelHandlerContext) {
        close(context, after: request)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        deadline?.cancel()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head:
            isReading = true
            requestCount += 1
            // Only for the first: more requests before the answer do not buy time.
            if requestCount == 1 { close(context, after: request) }
        case .body: break
        case .end: isReading = false
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard case .end = unwrapOutboundIn(data) else { return context.write(data, promise: promise) }
        let written = promise ?? context.eventLoop.makePromise(of: Void.self)
        written.futureResult.assumeIsolated().whenSuccess { self.answered(context) }
        context.write(data, promise: written)
    }

    private func answered(_ context: ChannelHandlerContext) {
        requestCount -= 1
        // Nobody reads a body here; a client that has more of one has nothing to say.
        if isReading, requestCount == 0 { return context.close(promise: nil) }
        close(context, after: requestCount == 0 ? idle : request)
    }

    private func close(_ context: ChannelHandlerContext, after time: TimeAmount) {
        deadline?.cancel()
        deadline = context.eventLoop.assumeIsolated().scheduleTask(in: time) { context.close(promise: nil) }
    }
}

@available(*, unavailable)
extension ConnectionDeadlines: Sendable {}
