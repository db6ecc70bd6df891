internal import BackupWire

/// What an ``AgentSession`` knows of the connection that it has.
struct LiveConnection: Sendable {
    let socket: WebSocketConnection
    let registration: Registration
    /// Tells the delivery that there is something to do.
    let wake: AsyncStream<Void>.Continuation
    var machine: SessionMachine
    var window = DeliveryWindow()
    /// After the handshake.
    var isReady = false
    /// Why this side closes.
    var ending: SessionError?
    /// A peer that sends nonsense must not fill the log.
    var warnings = 0
}
