package import BackupWire

/// Takes what the control plane says, in order, one after another.
///
/// While it works nothing more is read, so that a flood of messages waits in the socket and not in memory. So it must be quick (store
/// and return), and must not wait for ``ControlLink/request(_:within:)``, whose answer could not be read.
package protocol ServerMessageHandler: Sendable {
    /// The handshake is complete. Its configuration, if it has one, is the agent's from now on.
    func connected(_ ack: RegisterAck, capabilities: Set<Capability>) async
    /// Anything but the answers to requests, acknowledgements and pings.
    func received(_ message: ServerMessage, correlationID: String) async
}
