internal import BackupWire
internal import Logging
internal import NIOCore

/// The way of the outbox to the control plane.
extension AgentSession {
    /// How many messages are in memory at once; each may have 4 MiB.
    private static let batch = 4

    /// Sends what is in the outbox, whenever there is something and the window has room.
    func deliverAll(_ wakes: AsyncStream<Void>) async throws {
        for await _ in wakes {
            do {
                while try await deliverSome() {}
            } catch is CancellationError {
                break
            } catch {
                // A disk that is full, or gone. The rest of the session goes on.
                logger.error("the outbox can't be read", metadata: ["error": "\(error)"])
                try await Task.sleep(for: settings.outboxPause)
                deliverPending()
            }
        }
        throw CancellationError()
    }

    /// - Returns: whether there may be more to do at once.
    private func deliverSome() async throws -> Bool {
        guard let live, live.isReady, live.window.room > 0 else { return false }
        let entries = try await outbox.pending(after: live.window.position, limit: min(live.window.room, Self.batch))
        for entry in entries { try await transmit(entry) }
        return !entries.isEmpty
    }

    private func transmit(_ entry: OutboxEntry) async throws {
        let waits = capabilities.contains(.ack)
        live?.window.passed(entry, waits: waits)
        let sending: EventLoopFuture<Void>?
        do {
            sending = try send(entry.message, correlationID: entry.id)
        } catch {
            // It would stand in the way of all that follow, for ever.
            logger.error(
                "a message can't be sent and is dropped", metadata: ["id": "\(entry.id)", "error": "\(error)"])
            return try await outbox.remove(position: entry.position)
        }
        do {
            try await sending?.get()
        } catch {
            // The connection is at its end; who reads it knows why.
            throw CancellationError()
        }
        if !waits, sending != nil { try await outbox.remove(position: entry.position) }
    }

    func acknowledged(_ acknowledgement: Acknowledgement) async {
        let id = acknowledgement.correlationID
        if requests.answer(.ack(acknowledgement), id) { return }
        let positions = live?.window.acknowledged(id) ?? []
        guard !positions.isEmpty else { return }
        if !acknowledgement.isAccepted {
            logger.warning(
                "the server refused a message", metadata: ["id": "\(id)", "reason": "\(acknowledgement.reason)"])
        }
        do {
            for position in positions { try await outbox.remove(position: position) }
        } catch {
            // It is sent once more on the next connection, and the server has it already.
            logger.error("the outbox can't be written", metadata: ["error": "\(error)"])
        }
        deliverPending()
    }
}
