package import BackupWire
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import NIOSSL
internal import NIOWebSocket
internal import Synchronization

/// A control plane for tests: speaks `backup.v1` over TLS as the script says, and remembers everything that it hears.
///
/// ```swift
/// let peer = try await ScriptedPeer(.current)
/// try await peer.waitFor("a backup") { $0.messages.contains { if case .backupCompleted = $0 { true } else { false } } }
/// peer.last?.send(.cancelJob(jobID: "j"))
/// ```
/// It listens until ``stop()``, or the last reference is gone.
package final class ScriptedPeer: Sendable {
    package enum Security: Sendable {
        case none
        case tls(TestAuthority.Certificate)
        /// A server that doesn't know TLS 1.3.
        case tls12
    }

    private struct State {
        var script: PeerScript
        var connections: [PeerConnection] = []
        var requests = 0
        var complaints: [String] = []
    }

    package let port: Int
    private let listener: any Channel
    private let state: Mutex<State>

    /// - Parameter port: 0 for any; that of an earlier one to come back after an outage.
    package init(
        _ script: PeerScript = PeerScript(), security: Security = .tls(.right), port: Int = 0
    ) async throws {
        state = Mutex(State(script: script))
        let tls = try Self.context(security)
        let reference = PeerReference()
        listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    guard let peer = reference.peer else { throw ChannelError.ioOnClosedChannel }
                    if let tls { try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls)) }
                    try peer.configure(channel)
                }
            }
            .bind(host: "127.0.0.1", port: port).get()
        self.port = listener.localAddress?.port ?? 0
        reference.peer = self
    }

    deinit { listener.close(promise: nil) }

    /// Nobody listens any more, and every connection is reset.
    package func stop() async throws {
        try await listener.close().get()
        for connection in connections { connection.reset() }
    }

    package var script: PeerScript { state.withLock { $0.script } }
    package func change(_ body: @Sendable (inout PeerScript) -> Void) { state.withLock { body(&$0.script) } }

    /// With the upgrade, in their order.
    package var connections: [PeerConnection] { state.withLock { $0.connections } }
    package var last: PeerConnection? { connections.last }
    /// Upgrades that were asked for, with those that were refused.
    package var requests: Int { state.withLock { $0.requests } }
    /// Frames that were no messages.
    package var complaints: [String] { state.withLock { $0.complaints } }
    /// Over all connections.
    package var received: [AgentEnvelope] { connections.flatMap(\.received) }
    package var messages: [AgentMessage] { received.compactMap(\.message) }

    /// - Throws: ``TestFailure`` when it has not come by then.
    package func waitFor(
        _ what: String, within limit: Duration = .seconds(20), _ predicate: @Sendable (ScriptedPeer) -> Bool
    ) async throws {
        try await eventually(what, within: limit) { predicate(self) }
    }

    package func complain(_ text: String) { state.withLock { $0.complaints.append(text) } }

    // MARK: Connections

    private static func context(_ security: Security) throws -> NIOSSLContext? {
        let name: TestAuthority.Certificate
        switch security {
        case .none: return nil
        case .tls(let certificate): name = certificate
        case .tls12: name = .right
        }
        let authority = try TestAuthority.shared.get()
        var tls = TLSConfiguration.makeServerConfiguration(
            certificateChain: try NIOSSLCertificate.fromPEMFile(authority.certificate(name)).map { .certificate($0) },
            privateKey: .privateKey(try NIOSSLPrivateKey(file: authority.key(name), format: .pem)))
        if case .tls12 = security { tls.maximumTLSVersion = .tlsv12 }
        return try NIOSSLContext(configuration: tls)
    }

    private func configure(_ channel: any Channel) throws {
        let upgrader = NIOTypedWebSocketServerUpgrader<Void>(
            maxFrameSize: 8 << 20,
            shouldUpgrade: { channel, head in
                channel.eventLoop.makeSucceededFuture(self.status(of: head) == nil ? [:] : nil)
            },
            upgradePipelineHandler: { channel, head in
                channel.eventLoop.makeCompletedFuture {
                    let connection = self.state.withLock { state in
                        let connection = PeerConnection(
                            number: state.connections.count, path: head.uri, channel: channel)
                        state.connections.append(connection)
                        return connection
                    }
                    try channel.pipeline.syncOperations.addHandler(PeerHandler(peer: self, connection: connection))
                }
            })
        let upgrade = NIOTypedHTTPServerUpgradeConfiguration<Void>(upgraders: [upgrader]) { channel in
            channel.eventLoop.makeCompletedFuture {
                let pipeline = channel.pipeline.syncOperations
                guard let api = self.script.api else {
                    return try pipeline.addHandler(RefusalHandler(status: self.script.refusal ?? 401))
                }
                try pipeline.addHandler(AnswerHandler(answer: api))
            }
        }
        _ = try channel.pipeline.syncOperations.configureUpgradableHTTPServerPipeline(
            configuration: .init(upgradeConfiguration: upgrade))
    }

    /// nil: come in.
    private func status(of head: HTTPRequestHead) -> Int? {
        state.withLock { state in
            state.requests += 1
            if let refusal = state.script.refusal { return refusal }
            return head.headers.first(name: "Authorization") == "Bearer \(state.script.key)" ? nil : 401
        }
    }
}

/// The listener must not keep its peer.
private final class PeerReference: Sendable {
    private struct Weak { weak var peer: ScriptedPeer? }
    private let weak = Mutex(Weak())

    var peer: ScriptedPeer? {
        get { weak.withLock { $0.peer } }
        set { weak.withLock { $0.peer = newValue } }
    }
}
