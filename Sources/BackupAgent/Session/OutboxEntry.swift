package import BackupWire

/// A message in an ``Outbox``.
package struct OutboxEntry: Sendable, Equatable {
    /// Rises from entry to entry; never used twice while an agent runs.
    package let position: UInt64
    /// The correlation id of the envelope, by which the control plane acknowledges it.
    package let id: String
    package let message: AgentMessage

    /// The entry without its message.
    struct Place: Sendable {
        let position: UInt64
        let id: String
    }

    var place: Place { Place(position: position, id: id) }

    package init(position: UInt64, id: String, message: AgentMessage) {
        self.position = position
        self.id = id
        self.message = message
    }
}
