package import BackupWire
internal import FoundationEssentials
package import Logging
internal import NIOCore

/// The agent's session with its control plane: one connection after another, each with its handshake, heartbeats and deliveries.
///
/// Memory: the limits of ``WebSocketConnection``, ``DeliveryWindow`` and ``PendingRequests``; the outbox is on disk.
package actor AgentSession: ControlLink {
    let connector: ServerConnector
    let outbox: any Outbox
    let source: any HeartbeatSource
    let handler: any ServerMessageHandler
    let settings: SessionSettings
    let logger: Logger

    var live: LiveConnection?
    var requests = PendingRequests()
    var backoff: Backoff
    package internal(set) var capabilities: Set<Capability> = []
    package internal(set) var status = SessionStatus()

    private let start = ContinuousClock.now
    var handshakes = 0
    /// The refusal of the key was logged, and nothing else has happened since.
    var hasToldOfRefusal = false

    package init(
        connector: ServerConnector, outbox: any Outbox, source: any HeartbeatSource, handler: any ServerMessageHandler,
        settings: SessionSettings = SessionSettings(), logger: Logger
    ) {
        self.connector = connector
        self.outbox = outbox
        self.source = source
        self.handler = handler
        self.settings = settings
        self.logger = logger
        backoff = settings.backoff
    }

    /// Since the session was made, by a clock that doesn't jump.
    var now: Duration { start.duration(to: .now) }

    // MARK: ControlLink

    package func post(_ message: AgentMessage, correlationID: String) async {
        guard let live, live.isReady else { return }
        // The peer would wait for an acknowledgement as long as the connection lasts; progress comes again.
        var mustGo = false
        if case .ack = message { mustGo = true }
        guard live.socket.isWritable || mustGo else { return }
        do {
            let sending = try send(message, correlationID: correlationID)
            if mustGo { try await sending?.get() }
        } catch {
            logger.debug("a message was not sent", metadata: ["error": "\(error)"])
        }
    }

    package func deliver(_ message: AgentMessage, id: String) async throws {
        // Refused here, where somebody can still do something about it.
        _ = try WireCodec.encode(message, seq: .max, timeMilliseconds: .max, correlationID: id)
        try await outbox.append(message, id: id)
        deliverPending()
    }

    package func deliverPending() { live?.wake.yield() }

    package func request(_ message: AgentMessage, within limit: Duration) async throws -> ServerMessage {
        let id = "r-" + String(UInt64.random(in: .min ... .max), radix: 16)
        _ = try WireCodec.encode(message, seq: .max, timeMilliseconds: .max, correlationID: id)
        let (answers, continuation) = AsyncStream<ServerMessage>.makeStream(bufferingPolicy: .bufferingOldest(1))
        let request = PendingRequests.Request(id: id, message: message, answers: continuation)
        try requests.add(request)
        defer { requests.remove(id) }
        if live?.isReady == true { ask(request) }
        return try await withThrowingTaskGroup(of: ServerMessage.self) { group in
            group.addTask {
                for await answer in answers { return answer }
                throw CancellationError()
            }
            group.addTask {
                try await Task.sleep(for: limit)
                throw SessionError.noAnswer(within: limit)
            }
            defer { group.cancelAll() }
            guard let answer = try await group.next() else { throw CancellationError() }
            return answer
        }
    }

    func ask(_ request: PendingRequests.Request) {
        do {
            _ = try send(request.message, correlationID: request.id)
        } catch {
            logger.error("a request can't be sent", metadata: ["error": "\(error)"])
        }
    }
}
