internal import BackupCore
internal import FoundationEssentials
internal import Glibc
internal import NIOCore
internal import NIOPosix

/// Tells who connects how the agent is: one JSON document, and the end.
///
/// Whoever can enter the state directory (0700) can ask; the socket is 0600.
package final class LivenessServer: Sendable {
    private let channel: any Channel
    private let path: String

    /// - Parameters:
    ///   - directory: of the state, which must be locked by this process: a socket that is there is a dead agent's, and goes.
    ///   - report: asked for each connection; it may wait for the state, which the other side limits.
    /// - Throws: ``AgentError``.
    package init(directory: String, report: @escaping @Sendable () async -> LivenessReport) async throws {
        let path = try LivenessSocket.path(in: directory)
        self.path = path
        do {
            channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
                .serverChannelOption(.backlog, value: 128)
                .childChannelInitializer { channel in
                    Self.answer(report, on: channel)
                    return channel.eventLoop.makeSucceededVoidFuture()
                }
                .bind(unixDomainSocketPath: path, cleanupExistingSocketFile: true).get()
        } catch {
            throw AgentError.cannotListen(path, reason: NetworkReason.of(error))
        }
        guard chmod(path, 0o600) == 0 else {
            let reason = SystemMessage.of(errno)
            await close()
            throw AgentError.cannotListen(path, reason: reason)
        }
    }

    package func close() async {
        // Closed already is as good.
        try? await channel.close().get()
        unlink(path)
    }

    private static func answer(_ report: @escaping @Sendable () async -> LivenessReport, on channel: any Channel) {
        channel.eventLoop.scheduleTask(in: .seconds(5)) { channel.close(promise: nil) }
        channel.eventLoop.makeFutureWithTask { try Array(JSONEncoder().encode(await report())) }
            .flatMap { channel.writeAndFlush(ByteBuffer(bytes: $0)) }
            .whenComplete { _ in channel.close(promise: nil) }
    }
}
