/// The protocol's times. Tests shorten them.
package struct SessionLimits: Sendable {
    /// From the open connection to the answer to the registration.
    package var handshake = Duration.seconds(15)
    /// Either side that sees no frame for so long closes.
    package var silence = Duration.seconds(90)
    /// Where the server says nothing.
    package var heartbeat = Duration.seconds(30)
    /// What the server says is moved into this: neither a flood nor a connection that looks dead.
    package var heartbeatRange = Duration.seconds(5)...Duration.seconds(300)

    package init() {}
}
