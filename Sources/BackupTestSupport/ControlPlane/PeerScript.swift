package import BackupCore
package import BackupWire

/// How a ``ScriptedPeer`` behaves. It may be changed at any time.
package struct PeerScript: Sendable {
    /// Whom it lets in: `Authorization: Bearer KEY`. Everybody else gets 401.
    package var key = "bkpy_test_0123456789abcdefghijABCDEFGHIJ01"
    /// An HTTP status instead of the upgrade.
    package var refusal: Int?
    /// What it says in RegisterAck. Empty: an old server, that knows the tables of the protocol and none of the additions.
    package var capabilities: Set<Capability> = []
    package var answersRegistration = true
    package var heartbeatIntervalSeconds: UInt32 = 0
    package var configuration: AgentConfiguration?
    /// Whether it acknowledges what carries a correlation id, as a server with the capability `ack` does.
    package var acknowledges = true
    /// Called for each message, before the peer does what it usually does. True: it shall not.
    package var onMessage: @Sendable (AgentEnvelope, PeerConnection) -> Bool = { _, _ in false }

    /// Answers requests that are no upgrade; nil: they are refused.
    package var api: ScriptedAPI.Answer?

    package init() {}

    /// A server of our own, with every addition.
    package static var current: PeerScript {
        var script = PeerScript()
        script.capabilities = [
            .ack, .multipart, .validate, .formatV2, .recipients, .cancelRun, .restore, .testConnection, .updateStatus,
        ]
        return script
    }
}
