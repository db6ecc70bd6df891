/// A message that the server has not acknowledged.
package struct OutboxMessage: Sendable, Equatable {
    package let id: OutboxID
    package let priority: OutboxPriority
    package let bytes: [UInt8]
}

/// What becomes of a message when the outbox is full.
package enum OutboxPriority: Int, Sendable {
    /// It makes room, the oldest first, and is counted: logs, progress, results of health checks.
    case low = 0
    /// It is never dropped: BackupCompleted, final JobUpdates. One that doesn't fit is refused.
    case high = 1
}
