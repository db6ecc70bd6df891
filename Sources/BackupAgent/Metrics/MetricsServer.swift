internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import Synchronization

/// `GET /metrics` and `GET /healthz`, for Prometheus and probes on the same host.
///
/// One request a connection. Limits: ``largestConnectionCount``, ``largestRequest``, ``patience``.
package final class MetricsServer: Sendable {
    /// One more is closed at once.
    static let largestConnectionCount = 32
    /// Bytes of a whole request.
    static let largestRequest = 16 << 10
    /// How long a connection may be open, from its first moment.
    static let patience = TimeAmount.seconds(10)

    private let channel: any Channel
    /// What it listens on, with the port that the system has chosen for 0.
    package let address: ListenAddress

    /// - Parameter health: whether the agent is healthy, and the body that says so.
    /// - Throws: ``AgentError/cannotListen(_:reason:)``.
    package init(
        on address: ListenAddress, metrics: AgentMetrics,
        health: @escaping @Sendable () -> (isHealthy: Bool, body: String)
    ) async throws {
        let open = ConnectionCount(limit: Self.largestConnectionCount)
        do {
            channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
                .serverChannelOption(.backlog, value: 16)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .childChannelInitializer { channel in
                    guard open.enter() else { return channel.close() }
                    channel.closeFuture.whenComplete { _ in open.leave() }
                    return channel.eventLoop.makeCompletedFuture {
                        let pipeline = channel.pipeline.syncOperations
                        try pipeline.addHandler(
                            ConnectionLimits(largestRequest: Self.largestRequest, patience: Self.patience))
                        try pipeline.configureHTTPServerPipeline(
                            withPipeliningAssistance: false, withErrorHandling: true)
                        try pipeline.addHandler(MetricsHandler(metrics: metrics, health: health))
                    }
                }
                .bind(host: address.host, port: address.port).get()
        } catch {
            throw AgentError.cannotListen("\(address)", reason: NetworkReason.of(error))
        }
        self.address = ListenAddress(host: address.host, port: channel.localAddress?.port ?? address.port)
    }

    /// Stops listening.
    package func close() async {
        // Closed already is as good.
        try? await channel.close().get()
    }
}

/// How many connections are open.
private final class ConnectionCount: Sendable {
    private let count = Mutex(0)
    private let limit: Int

    init(limit: Int) { self.limit = limit }

    func enter() -> Bool {
        count.withLock { count in
            guard count < limit else { return false }
            count += 1
            return true
        }
    }

    func leave() { count.withLock { $0 -= 1 } }
}
