/// A part of the agent's durable state.
package enum StateBucket: String, Sendable, CaseIterable {
    /// The last configuration that was applied.
    case config
    /// Runs that were accepted and have not ended.
    case queue
    /// Session id, the server's time, the last heartbeat.
    case registry
    /// What was logged while the server was out of reach.
    case logsBuffer = "logs_buffer"
    /// Messages that the server has not acknowledged.
    case outbox
}
