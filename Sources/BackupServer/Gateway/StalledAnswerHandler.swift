internal import NIOCore

/// Ends a connection whose peer reads nothing of its answer: it would be held, with all that makes the answer, for as long as the
/// peer likes. Whoever reads slowly, but reads, is waited for.
final class StalledAnswerHandler: ChannelInboundHandler {
    typealias InboundIn = NIOAny

    private let patience: TimeAmount
    private let onEnd: () -> Void
    private var look: Scheduled<Void>?

    init(patience: Duration, onEnd: @escaping () -> Void) {
        self.patience = TimeAmount(patience)
        self.onEnd = onEnd
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable {
            look?.cancel()
            look = nil
        } else if look == nil {
            lookAgain(context, waiting: waitingBytes(context))
        }
        context.fireChannelWritabilityChanged()
    }

    func handlerRemoved(context: ChannelHandlerContext) { look?.cancel() }

    /// While it can't be written to, what waits only becomes less, when the peer reads.
    private func lookAgain(_ context: ChannelHandlerContext, waiting: Int) {
        look = context.eventLoop.assumeIsolated().scheduleTask(in: patience) { [self] in
            let now = waitingBytes(context)
            guard now >= waiting else { return lookAgain(context, waiting: now) }
            onEnd()
            context.close(promise: nil)
        }
    }

    private func waitingBytes(_ context: ChannelHandlerContext) -> Int {
        // A channel that can't tell has no bytes that become less.
        (try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
    }
}
