internal import NIOCore

/// Closes a connection that sends too much, or stays too long: also one that never sends anything.
final class ConnectionLimits: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let patience: TimeAmount
    private var rest: Int
    private var timer: Scheduled<Void>?

    init(largestRequest: Int, patience: TimeAmount) {
        rest = largestRequest
        self.patience = patience
    }

    func channelActive(context: ChannelHandlerContext) {
        let channel = context.channel
        timer = context.eventLoop.scheduleTask(in: patience) { channel.close(promise: nil) }
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        timer?.cancel()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        rest -= unwrapInboundIn(data).readableBytes
        guard rest >= 0 else { return context.close(promise: nil) }
        context.fireChannelRead(data)
    }
}
