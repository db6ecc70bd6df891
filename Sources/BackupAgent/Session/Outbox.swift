package import BackupWire

/// Where messages wait that must not be lost: durable, in the order in which they were appended.
///
/// A message stays until the control plane has acknowledged it; that it was handed to a socket proves nothing.
package protocol Outbox: Sendable {
    /// Returns once the message is durable. Whether there is one with the same id already is not looked at: the control plane
    /// knows a second copy.
    func append(_ message: AgentMessage, id: String) async throws
    /// The oldest messages behind `position` (nil: from the beginning), at most `limit` of them.
    func pending(after position: UInt64?, limit: Int) async throws -> [OutboxEntry]
    /// Removing what isn't there is no error.
    func remove(position: UInt64) async throws
}
