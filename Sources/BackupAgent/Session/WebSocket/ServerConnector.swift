package import BackupCore
internal import FoundationEssentials
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import NIOSSL
internal import NIOWebSocket

/// Opens connections to the control plane: TCP, or a tunnel through a proxy; TLS; then the upgrade to a WebSocket.
package struct ServerConnector: Sendable {
    package let address: ServerAddress
    let key: Secret
    let trust: ServerTrust
    let proxy: ProxySettings.Proxy?
    /// For each address of the server's name.
    var dialLimit = Duration.seconds(10)
    /// For all of it, from the open socket to the WebSocket.
    var handshakeLimit = Duration.seconds(20)

    package init(address: ServerAddress, key: Secret, trust: ServerTrust, proxy: ProxySettings = .none) {
        self.address = address
        self.key = key
        self.trust = trust
        self.proxy = proxy.proxy(for: address)
    }

    /// - Throws: ``SessionError`` that says what stands in the way; `CancellationError`. No socket is left open then.
    func connect() async throws -> WebSocketConnection {
        do {
            return try await attempt { channel in try await openWebSocket(on: channel) }
        } catch let NIOSSLError.handshakeFailed(failure) where TLSFailure(failure) == .certificate {
            throw await certificateFailure()
        } catch {
            throw ConnectFailure(address: address, proxy: proxy, limit: dialLimit).explain(error)
        }
    }

    /// Gives `shake` a connected socket, and closes that when it throws.
    private func attempt<Result: Sendable>(
        _ shake: @Sendable (any Channel) async throws -> Result
    ) async throws -> Result {
        let attempt = ConnectionAttempt()
        return try await withTaskCancellationHandler {
            let channel = try await dial(attempt)
            let timeout = channel.eventLoop.scheduleTask(in: TimeAmount(handshakeLimit)) { [address, handshakeLimit] in
                channel.pipeline.fireErrorCaught(SessionError.timedOut(address.authority, within: handshakeLimit))
                channel.close(promise: nil)
            }
            defer { timeout.cancel() }
            do {
                if let proxy { try await openTunnel(on: channel, through: proxy) }
                return try await shake(channel)
            } catch {
                try? await channel.close().get()
                throw Task.isCancelled ? CancellationError() : error
            }
        } onCancel: {
            attempt.giveUp()
        }
    }

    private func dial(_ attempt: ConnectionAttempt) async throws -> any Channel {
        try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connectTimeout(TimeAmount(dialLimit))
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                attempt.add(channel)
                return channel.eventLoop.makeSucceededVoidFuture()
            }
            .connect(host: proxy?.host ?? address.host, port: proxy?.port ?? address.port).get()
    }

    private func openTunnel(on channel: any Channel, through proxy: ProxySettings.Proxy) async throws {
        let target = address.authority
        try await channel.eventLoop.flatSubmit {
            let pipeline = channel.pipeline.syncOperations
            let isOpen = channel.eventLoop.makePromise(of: Void.self)
            let encoder = HTTPRequestEncoder()
            let decoder = ByteToMessageHandler(HTTPResponseDecoder(leftOverBytesStrategy: .forwardBytes))
            let tunnel = ProxyTunnel(to: target, through: proxy, isOpen: isOpen)
            do {
                try pipeline.addHandlers([encoder, decoder, tunnel])
            } catch {
                isOpen.fail(error)
            }
            return isOpen.futureResult.assumeIsolated().flatMap {
                let removals = [
                    pipeline.removeHandler(tunnel), pipeline.removeHandler(decoder), pipeline.removeHandler(encoder),
                ]
                return EventLoopFuture.andAllSucceed(removals, on: channel.eventLoop)
            }.nonisolated()
        }.get()
    }

    private func openWebSocket(on channel: any Channel) async throws -> WebSocketConnection {
        try await channel.eventLoop.flatSubmit {
            do {
                if address.isSecure { try channel.pipeline.syncOperations.addHandler(try tlsHandler(on: channel)) }
                return try upgrade(channel)
            } catch {
                return channel.eventLoop.makeFailedFuture(error)
            }
        }.get()
    }

    private func upgrade(_ channel: any Channel) throws -> EventLoopFuture<WebSocketConnection> {
        let pipeline = channel.pipeline.syncOperations
        let encoder = HTTPRequestEncoder()
        let decoder = ByteToMessageHandler(HTTPResponseDecoder(leftOverBytesStrategy: .forwardBytes))
        let gate = ResponseGate(server: address.authority)
        let upgrader = NIOTypedWebSocketClientUpgrader<WebSocketConnection>(
            maxFrameSize: WebSocketConnection.largestMessage, enableAutomaticErrorHandling: false
        ) { channel, _ in
            channel.eventLoop.makeCompletedFuture { try WebSocketConnection.make(on: channel) }
        }
        let upgrade = NIOTypedHTTPClientUpgradeHandler(
            httpHandlers: [encoder, decoder, gate],
            upgradeConfiguration: .init(upgradeRequestHead: requestHead, upgraders: [upgrader]) { channel in
                channel.eventLoop.makeFailedFuture(SessionError.brokenFraming("its answer is not that of a WebSocket"))
            })
        try pipeline.addHandlers([encoder, decoder, gate, upgrade])
        return upgrade.upgradeResultFuture
    }

    private var requestHead: HTTPRequestHead {
        HTTPRequestHead(
            version: .http1_1, method: .GET, uri: address.path,
            headers: [
                "Host": address.hostField, "Authorization": "Bearer \(key.revealed)",
                "User-Agent": "backupy-agent/\(AgentVersion.current)",
            ])
    }

    // MARK: TLS

    private var isIPAddress: Bool { CertificateName.address(address.host) != nil }

    private func tlsHandler(on channel: any Channel) throws -> NIOSSLClientHandler {
        var tls = trust.tlsConfiguration()
        // With a proxy NIOSSL would look for the proxy's address in the certificate; ours is looked for below.
        if isIPAddress { tls.certificateVerification = .noHostnameVerification }
        return try ._makeSSLClientHandler(
            context: try NIOSSLContext(configuration: tls), serverHostname: isIPAddress ? nil : address.host
        ) { [address, trust] certificate, channel in
            channel.eventLoop.makeCompletedFuture { try trust.check(certificate, of: address) }
        }
    }

    /// Which of the reasons it was that the chain did not verify.
    private func certificateFailure() async -> any Error {
        let probe = CertificateProbe()
        _ = try? await attempt { channel in
            try await channel.eventLoop.flatSubmit {
                do {
                    let tls = try NIOSSLContext(configuration: trust.tlsConfiguration())
                    try channel.pipeline.syncOperations.addHandler(
                        try probe.handler(
                            tls, host: isIPAddress ? nil : address.host, now: Int(Date().timeIntervalSince1970)))
                    return channel.closeFuture
                } catch {
                    return channel.eventLoop.makeFailedFuture(error)
                }
            }.get()
        }
        if Task.isCancelled { return CancellationError() }
        return probe.foundBadDates
            ? SessionError.expiredCertificate(address.host) : SessionError.untrustedCertificate(address.host)
    }
}
