internal import FoundationEssentials
internal import NIOCore
internal import NIOPosix

/// Asks the agent that runs on this machine how it is.
package enum LivenessClient {
    /// - Throws: ``AgentError/notRunning(_:reason:)``, ``AgentError/noAnswer(_:)``, ``AgentError/socketPathTooLong(_:)``.
    package static func ask(directory: String, within limit: Duration = .seconds(1)) async throws -> LivenessReport {
        let path = try LivenessSocket.path(in: directory)
        do {
            let bytes = try await TimeLimit.run(limit) { try await answer(path) }
            return try JSONDecoder().decode(LivenessReport.self, from: Data(bytes))
        } catch let error as AgentError {
            throw error
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            // Too late, cut short or not ours: in any case no agent that is well.
            throw AgentError.noAnswer(path)
        }
    }

    private static func answer(_ path: String) async throws -> [UInt8] {
        let channel: NIOAsyncChannel<ByteBuffer, ByteBuffer>
        do {
            channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
                .connect(unixDomainSocketPath: path) { channel in
                    channel.eventLoop.makeCompletedFuture { try NIOAsyncChannel(wrappingChannelSynchronously: channel) }
                }
        } catch {
            throw AgentError.notRunning(path, reason: NetworkReason.of(error))
        }
        return try await channel.executeThenClose { inbound, _ in
            var bytes: [UInt8] = []
            for try await buffer in inbound {
                bytes += buffer.readableBytesView
                guard bytes.count <= LivenessSocket.largestAnswer else { throw AgentError.noAnswer(path) }
            }
            return bytes
        }
    }
}
