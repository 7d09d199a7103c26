// SPDX-License-Identifier: MIT OR Apache-2.0

import NIOCore
import NIOHTTPTypes

/// Closes a connection that takes longer than it may: to send a head or a body, to take an answer, or to say anything more;
/// and one that says nothing when others need its place.
///
/// The server closes idle connections by itself, but waits without end for a client that does not read its answer or that
/// drips a body.
final class ConnectionDeadlines: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    /// How long one that is to give way may still begin a request.
    private static let grace = TimeAmount.milliseconds(100)

    private let request: TimeAmount
    private let idle: TimeAmount
    private let connections: OpenConnections
    /// Whether it is among the open ones.
    private var isOpen = false
    private var deadline: Scheduled<Void>?
    /// Requests whose answer has not gone out.
    private var requestCount = 0
    /// Whether a request has begun that has not ended.
    private var isReading = false

    init(request: Duration, idle: Duration, connections: OpenConnections) {
        self.request = TimeAmount(request)
        self.idle = TimeAmount(idle)
        self.connections = connections
    }

    func handlerAdded(context: ChannelHandlerContext) {
        if context.channel.isActive { opened(context) }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        closed(context)
    }

    func channelActive(context: ChannelHandlerContext) {
        opened(context)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        closed(context)
        context.fireChannelInactive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard event is OpenConnections.GiveWay else { return context.fireUserInboundEventTriggered(event) }
        // A request may have come in the meantime, or be under way in the network: that one is answered.
        if requestCount == 0 { close(context, after: Self.grace) }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head:
            isReading = true
            requestCount += 1
            // Only for the first: more requests before the answer do not buy time.
            if requestCount == 1 {
                connections.began(context.channel)
                close(context, after: request)
            }
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
        // Who has left has no place to give away.
        guard isOpen else { return }
        requestCount -= 1
        // Nobody reads a body here; a client that has more of one has nothing to say.
        if isReading, requestCount == 0 { return context.close(promise: nil) }
        close(context, after: requestCount == 0 ? idle : request)
        if requestCount == 0 { connections.waits(context.channel) }
    }

    private func opened(_ context: ChannelHandlerContext) {
        guard !isOpen else { return }
        isOpen = true
        close(context, after: request)
        connections.opened(context.channel)
    }

    private func closed(_ context: ChannelHandlerContext) {
        deadline?.cancel()
        guard isOpen else { return }
        isOpen = false
        connections.closed(context.channel)
    }

    private func close(_ context: ChannelHandlerContext, after time: TimeAmount) {
        deadline?.cancel()
        deadline = context.eventLoop.assumeIsolated().scheduleTask(in: time) { context.close(promise: nil) }
    }
}

@available(*, unavailable)
extension ConnectionDeadlines: Sendable {}
