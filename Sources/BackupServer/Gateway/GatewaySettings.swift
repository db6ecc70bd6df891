internal import BackupWire

/// The limits of the agents' side. Tests shorten the times.
package struct GatewaySettings: Sendable {
    /// From the open socket to the head of the first request; TLS is within.
    package var firstRequest = Duration.seconds(10)
    /// From the upgrade to the registration.
    package var registration = Duration.seconds(15)
    /// Without a frame.
    package var silence = Duration.seconds(90)
    package var heartbeat = Duration.seconds(30)
    /// Without anything sent, the server sends a Ping: agents close at 90 s of silence as well.
    package var pingAfter = Duration.seconds(40)
    /// How often connections are looked at.
    package var tick = Duration.seconds(1)
    /// How often who was seen is written down.
    package var sightings = Duration.seconds(30)
    /// Of a connection with HTTP on it, between requests or within one.
    package var idleRequest = Duration.seconds(60)
    /// Of an answer whose peer reads nothing of it.
    package var stalledAnswer = Duration.seconds(60)
    /// Connections from one address that are no agents'. Those of agents are bounded by their keys.
    package var connectionsPerAddress = 512
    /// Connections beyond them that wait for a place, over all addresses.
    package var waitingConnections = 20_000
    /// For how long they do.
    package var turn = Duration.seconds(20)
    /// Wrong keys from one address in a minute; then nobody asks the database about more.
    package var guessesPerMinute = 20
    /// Bytes that wait for an agent that doesn't read. A configuration may have 4 MiB.
    package var outgoingBytes = 8 << 20
    /// Messages of one agent that wait to be worked on; then its socket is no longer read.
    package var waitingMessages = 16
    /// Messages that are worked on at once, over all agents. Some of them wait for a store, each for as long as it may be silent.
    package var workers = 256
    /// Handshakes and registrations that are worked on at once.
    package var entranceWorkers = 32
    /// Handshakes and agents that wait for a worker.
    package var waitingWork = 20_000

    package init() {}
}
