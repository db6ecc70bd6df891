internal import BackupCore
internal import BackupWire
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import NIOSSL
internal import NIOWebSocket

/// Opens agents' connections: TCP, TLS 1.3, the upgrade to a WebSocket.
///
/// Memory: one TLS context for all; a connection has its TLS state, the frame coders and an ``AgentHandler``.
struct AgentDialer: Sendable {
    let endpoint: ServerEndpoint
    let context: NIOSSLContext

    /// - Returns: succeeds once the server has upgraded the connection; from then on the handler has it.
    func open(for agent: LoadAgent, on loop: any EventLoop) -> EventLoopFuture<Void> {
        let upgraded = loop.makePromise(of: Void.self)
        let dialing = ClientBootstrap(group: loop)
            .connectTimeout(.seconds(10))
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            // 2 KiB are enough for a heartbeat and its answer; they grow where more comes.
            .channelOption(
                .recvAllocator, value: AdaptiveRecvByteBufferAllocator(minimum: 512, initial: 2048, maximum: 65536)
            )
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try self.configure(channel, agent, upgraded) }
            }
            .connect(host: endpoint.host, port: endpoint.port)
        dialing.whenComplete { result in
            switch result {
            case .failure(let error): upgraded.fail(error)
            case .success(let channel):
                let limit = channel.eventLoop.scheduleTask(in: .seconds(20)) {
                    upgraded.fail(ChannelError.connectTimeout(.seconds(20)))
                    channel.close(promise: nil)
                }
                upgraded.futureResult.whenComplete { _ in limit.cancel() }
            }
        }
        return upgraded.futureResult
    }

    private func configure(
        _ channel: any Channel, _ agent: LoadAgent, _ upgraded: EventLoopPromise<Void>
    ) throws {
        let upgrader = NIOTypedWebSocketClientUpgrader<Void>(
            maxFrameSize: WireCodec.largestFrame, enableAutomaticErrorHandling: false
        ) { channel, _ in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHandler(AgentHandler(agent))
            }
        }
        let encoder = HTTPRequestEncoder()
        let decoder = ByteToMessageHandler(HTTPResponseDecoder(leftOverBytesStrategy: .forwardBytes))
        let upgrade = NIOTypedHTTPClientUpgradeHandler(
            httpHandlers: [encoder, decoder],
            upgradeConfiguration: .init(upgradeRequestHead: requestHead(agent), upgraders: [upgrader]) { channel in
                channel.close(promise: nil)
                return channel.eventLoop.makeFailedFuture(HTTPParserError.invalidStatus)
            })
        let pipeline = channel.pipeline.syncOperations
        try pipeline.addHandler(NIOSSLClientHandler(context: context, serverHostname: serverName))
        try pipeline.addHandlers([encoder, decoder, upgrade])
        upgrade.upgradeResultFuture.cascade(to: upgraded)
        upgrade.upgradeResultFuture.whenComplete { result in
            switch result {
            // Not earlier: what is written while the handlers change places gets lost.
            case .success: agent.opened(channel)
            case .failure: channel.close(promise: nil)
            }
        }
    }

    /// Nil for an address: TLS names only names.
    private var serverName: String? { endpoint.host.allSatisfy { $0.isNumber || $0 == "." } ? nil : endpoint.host }

    private func requestHead(_ agent: LoadAgent) -> HTTPRequestHead {
        HTTPRequestHead(
            version: .http1_1, method: .GET, uri: "/v1/agents/connect",
            headers: [
                "Host": "\(endpoint.host):\(endpoint.port)", "Authorization": "Bearer \(agent.key.revealed)",
                "User-Agent": "backupy-load",
            ])
    }
}
