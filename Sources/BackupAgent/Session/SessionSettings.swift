/// How a session behaves between its connections. Tests shorten what is here.
package struct SessionSettings: Sendable {
    package var limits = SessionLimits()
    package var backoff = Backoff()
    /// After the key was refused. Nothing will change before a person does something, so a quick return only fills two logs.
    package var unauthorizedPause = Duration.seconds(60)
    /// After another agent took the connection over. Two agents with one key must not push each other out every second.
    package var replacedPause = Duration.seconds(300)
    /// How long the end waits for the outbox.
    package var closingGrace = Duration.seconds(5)
    /// After the outbox could not be read.
    package var outboxPause = Duration.seconds(5)
    /// How often a connection looks at its deadlines.
    package var tick = Duration.seconds(1)
    /// Waits between two connections.
    package var pause: @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }

    package init() {}
}
