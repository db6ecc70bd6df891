internal import BackupControl
internal import BackupWire
package import HummingbirdCore
package import Logging
package import NIOCore
internal import NIOHTTP1
internal import NIOHTTPTypes
internal import NIOHTTPTypesHTTP1
internal import NIOSSL
internal import NIOWebSocket

/// One port for everybody: agents' WebSockets at ``path``, and HTTP for the router.
///
/// ```swift
/// HTTPServerBuilder { responder in GatewayChannel(gateway: gateway, certificates: files, responder: responder) }
/// ```
package struct GatewayChannel: HTTPChannelHandler {
    package static let path = "/v1/agents/connect"
    private static let largestHeaders = 32 << 10

    package struct Value: ServerChildChannelValue {
        package let channel: any Channel
        let use: EventLoopFuture<Use>
    }

    enum Use: Sendable {
        case http(NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>)
        /// Its handlers do everything.
        case agent
        case refused
    }

    package let responder: HTTPChannelHandler.Responder
    private let gateway: Gateway
    private let certificates: CertificateFiles?

    /// - Parameter certificates: nil for plain HTTP, behind a proxy.
    package init(gateway: Gateway, certificates: CertificateFiles?, responder: @escaping HTTPChannelHandler.Responder) {
        self.gateway = gateway
        self.certificates = certificates
        self.responder = responder
    }

    package func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        let entrance = Entrance(channel: channel, gateway: gateway)
        return entrance.enter().flatMapThrowing { hasPlace in
            guard hasPlace else {
                channel.close(promise: nil)
                return Value(channel: channel, use: channel.eventLoop.makeSucceededFuture(.refused))
            }
            return Value(channel: channel, use: try build(channel, entrance, logger))
        }
    }

    /// On the channel's loop.
    private func build(_ channel: any Channel, _ entrance: Entrance, _ logger: Logger) throws -> EventLoopFuture<Use> {
        let pipeline = channel.pipeline.syncOperations
        do { try pipeline.addHandler(EntranceHandler(entrance)) } catch {
            // It has ended meanwhile, and nobody else would say so.
            entrance.leave()
            throw error
        }
        if let certificates { try pipeline.addHandler(NIOSSLServerHandler(context: certificates.context)) }
        var configuration = NIOUpgradableHTTPServerPipelineConfiguration(
            upgradeConfiguration: upgrade(entrance, logger))
        // NIOAsyncChannel takes one request after another.
        configuration.enablePipelining = false
        configuration.decoderConfiguration.maxHeaderFieldSize = Self.largestHeaders
        configuration.decoderConfiguration.maxHeaderListSize = Self.largestHeaders
        configuration.decoderConfiguration.maxHeaderFieldCount = 200
        let use = try pipeline.configureUpgradableHTTPServerPipeline(configuration: configuration)
        let upgrader = try pipeline.handler(type: NIOTypedHTTPServerUpgradeHandler<Use>.self)
        try pipeline.addHandler(UpgradeFilter(), position: .before(upgrader))
        return use
    }

    package func handle(value: Value, logger: Logger) async {
        do {
            switch try await value.use.get() {
            case .http(let channel): await handleHTTP(asyncChannel: channel, logger: logger)
            case .agent, .refused: break
            }
        } catch {
            // A connection that ended before it said what it wanted. Nobody is left to be told.
            logger.trace("a connection ended early", metadata: ["error": "\(error)"])
            value.channel.close(promise: nil)
        }
    }

    // MARK: The upgrade

    private func upgrade(_ entrance: Entrance, _ logger: Logger) -> NIOTypedHTTPServerUpgradeConfiguration<Use> {
        let upgrader = NIOTypedWebSocketServerUpgrader<Use>(
            maxFrameSize: WireCodec.largestFrame, enableAutomaticErrorHandling: false,
            shouldUpgrade: { _, head in entrance.check(head) },
            upgradePipelineHandler: { channel, _ in
                channel.eventLoop.makeCompletedFuture {
                    guard let connection = entrance.admitted else { throw ChannelError.inappropriateOperationForState }
                    try channel.pipeline.syncOperations.addHandler(
                        NIOWebSocketFrameAggregator(
                            minNonFinalFragmentSize: 0, maxAccumulatedFrameCount: 1024,
                            maxAccumulatedFrameSize: WireCodec.largestFrame))
                    try channel.pipeline.syncOperations.addHandler(
                        AgentHandler(connection: connection, gateway: gateway))
                    return .agent
                }
            })
        return NIOTypedHTTPServerUpgradeConfiguration(upgraders: [upgrader]) { channel in
            channel.eventLoop.makeCompletedFuture { try notUpgraded(channel, entrance, logger) }
        }
    }

    private func notUpgraded(_ channel: any Channel, _ entrance: Entrance, _ logger: Logger) throws -> Use {
        entrance.hasAsked()
        let pipeline = channel.pipeline.syncOperations
        if let refusal = entrance.refusal {
            try pipeline.addHandler(RefusalHandler(refusal))
            return .refused
        }
        try pipeline.addHandler(HTTP1ToHTTPServerCodec(secure: certificates != nil))
        try pipeline.addHandler(HTTPConnectionStateHandler(idleTimeout: gateway.settings.idleRequest, logger: logger))
        let stalled = StalledAnswerHandler(patience: gateway.settings.stalledAnswer) { entrance.noteStall() }
        try pipeline.addHandler(stalled)
        return .http(
            try NIOAsyncChannel(
                wrappingChannelSynchronously: channel, configuration: .init(isOutboundHalfClosureEnabled: true)))
    }
}
