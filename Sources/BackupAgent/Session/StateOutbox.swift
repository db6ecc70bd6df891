package import BackupState
package import BackupWire
package import Logging

/// The outbox in the agent's state. An entry is an envelope as it is sent, with its id and without its number.
package struct StateOutbox: Outbox {
    private let store: StateStore
    private let logger: Logger

    package init(_ store: StateStore, logger: Logger) {
        self.store = store
        self.logger = logger
    }

    /// What an entry holds, for a ``StateChange`` that puts a message there together with other changes.
    package static func bytes(_ message: AgentMessage, id: String) throws(WireError) -> [UInt8] {
        try WireCodec.encode(message, seq: 0, timeMilliseconds: 0, correlationID: id)
    }

    /// Logs and results of health checks make room for what says how a backup went.
    package static func priority(of message: AgentMessage) -> OutboxPriority {
        switch message {
        case .log, .logBatch, .healthResult, .heartbeat: .low
        default: .high
        }
    }

    package func append(_ message: AgentMessage, id: String) async throws {
        try await store.append(Self.bytes(message, id: id), priority: Self.priority(of: message))
    }

    /// Entries that this version can't read stay, for the newer one that wrote them.
    package func pending(after position: UInt64?, limit: Int) async throws -> [OutboxEntry] {
        var last = position.map { OutboxID(rawValue: $0) }
        while true {
            let stored = try await store.pending(after: last, limit: limit)
            let entries = stored.compactMap(entry)
            if !entries.isEmpty || stored.isEmpty { return entries }
            last = stored.last?.id
        }
    }

    package func remove(position: UInt64) async throws { try await store.remove(OutboxID(rawValue: position)) }

    private func entry(_ stored: OutboxMessage) -> OutboxEntry? {
        do {
            let envelope = try WireCodec.decodeFromAgent(stored.bytes)
            if let message = envelope.message {
                return OutboxEntry(position: stored.id.rawValue, id: envelope.correlationID, message: message)
            }
            logger.warning(
                "an entry of the outbox is not known to this version", metadata: ["notes": "\(envelope.notes)"])
        } catch {
            logger.error("an entry of the outbox can't be read", metadata: ["error": "\(error)"])
        }
        return nil
    }
}
