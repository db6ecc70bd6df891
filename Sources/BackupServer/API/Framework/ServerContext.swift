package import Hummingbird
package import NIOCore

/// What Hummingbird hands on with each request.
package struct ServerContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    package let channel: any Channel

    package init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }

    /// Of the peer, which may be a proxy.
    var peerAddress: String { channel.remoteAddress?.ipAddress ?? "" }

    /// Ends the connection soon: whoever still sends a body is not listened to for long, and yet gets the answer.
    func closeSoon() {
        let channel = channel
        channel.eventLoop.scheduleTask(in: .seconds(1)) { channel.close(promise: nil) }
    }
}
