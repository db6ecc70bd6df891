/// Messages that must not be lost: they stay until the server has acknowledged them.
extension StateStore {
    /// - Returns: nil when a message of low priority was dropped at once.
    /// - Throws: ``StateError/outboxFull(entries:bytes:)`` for one of high priority that doesn't fit.
    @discardableResult
    package func append(_ bytes: [UInt8], priority: OutboxPriority = .high) throws(StateError) -> OutboxID? {
        try apply([.send(bytes, priority)]).first ?? nil
    }

    /// The oldest messages behind `id`. Memory: `limit` of them.
    package func pending(after id: OutboxID? = nil, limit: Int) throws(StateError) -> [OutboxMessage] {
        let entries = try opened()
        let after = id.map { StateEntries.key($0.rawValue) }
        return try entries.all(.outbox, after: after, limit: limit) { key, value, priority throws(StateError) in
            guard let number = UInt64(key), let priority = OutboxPriority(rawValue: priority) else {
                throw .damaged(entries.database.path, reason: "'\(key.prefix(80))' is no number in the outbox")
            }
            return OutboxMessage(id: OutboxID(rawValue: number), priority: priority, bytes: value)
        }
    }

    /// Forgets a message that the server has; one that is gone already is no error.
    package func remove(_ id: OutboxID) throws(StateError) { try apply([.acknowledged(id)]) }
}
