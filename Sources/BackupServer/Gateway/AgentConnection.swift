package import BackupControl
package import BackupWire
internal import NIOCore
internal import Synchronization

/// One agent's connection, for whoever has something to say to the agent. What is sent goes out in the order of the calls.
///
/// Memory: ``GatewaySettings/waitingMessages`` messages that came, and ``GatewaySettings/outgoingBytes`` of what goes out; an agent
/// that doesn't read so much is disconnected.
package final class AgentConnection: Sendable {
    package struct Session: Sendable {
        package let number: Int64
        package let capabilities: Set<Capability>
        /// What it was sent.
        package fileprivate(set) var configVersion: UInt64
        /// What it last said that it has.
        fileprivate(set) var appliedVersion: UInt64 = 0

        init(
            number: Int64, capabilities: Set<Capability>, configVersion: UInt64, appliedVersion: UInt64 = 0
        ) {
            self.number = number
            self.capabilities = capabilities
            self.configVersion = configVersion
            self.appliedVersion = appliedVersion
        }
    }

    package struct Incoming: Sendable {
        let message: AgentMessage
        let correlationID: String
    }

    private struct State {
        var session: Session?
        var isClosed = false
        var waiting: [Incoming] = []
        var isWorkedOn = false
        var isReading = true
        var runs = WatchedRuns()
    }

    package let agentID: AgentRecord.ID
    package let address: String
    private let channel: any Channel
    private let limit: Int
    private let state = Mutex(State())

    init(agentID: AgentRecord.ID, address: String, channel: any Channel, limit: Int) {
        self.agentID = agentID
        self.address = address
        self.channel = channel
        self.limit = limit
    }

    /// nil until the registration is done.
    package var session: Session? { state.withLock { $0.session } }
    package var isOpen: Bool { state.withLock { !$0.isClosed } }
    package func can(_ capability: Capability) -> Bool { session?.capabilities.contains(capability) == true }

    func begin(_ session: Session) { state.withLock { $0.session = session } }
    /// - Returns: false where the agent has been sent this version or a later one.
    func tookConfiguration(_ version: UInt64) -> Bool {
        state.withLock { state in
            guard let session = state.session, session.configVersion < version else { return false }
            state.session?.configVersion = version
            return true
        }
    }

    /// - Returns: whether that is news.
    func hasApplied(_ version: UInt64) -> Bool {
        state.withLock { state in
            guard let session = state.session, session.appliedVersion != version, version > 0 else { return false }
            state.session?.appliedVersion = version
            return true
        }
    }

    // MARK: To the agent

    package func send(_ message: ServerMessage, correlationID: String = "") {
        channel.pipeline.fireUserInboundEventTriggered(Order.send(message, correlationID: correlationID))
    }

    package func acknowledge(_ correlationID: String, isAccepted: Bool = true, reason: String = "") {
        guard !correlationID.isEmpty, can(.ack) else { return }
        let ack = Acknowledgement(correlationID: correlationID, isAccepted: isAccepted, reason: reason)
        send(.ack(ack), correlationID: correlationID)
    }

    /// With a reason for the agent: 4001 means that another connection has replaced this one.
    package func close(code: UInt16, reason: String) {
        channel.pipeline.fireUserInboundEventTriggered(Order.close(code: code, reason: reason))
    }

    /// The session is begun in the store: the answer to the registration goes out, and then everything else may.
    func admit(_ ack: RegisterAck, correlationID: String) {
        channel.pipeline.fireUserInboundEventTriggered(Order.admit(ack, correlationID: correlationID))
    }

    enum Order: Sendable {
        case admit(RegisterAck, correlationID: String)
        case send(ServerMessage, correlationID: String)
        case close(code: UInt16, reason: String)
    }

    // MARK: From the agent

    /// - Returns: whether somebody has to be told that there is work.
    func enqueue(_ incoming: Incoming) -> Bool {
        let (mustWork, mustPause) = state.withLock { state in
            state.waiting.append(incoming)
            let mustPause = state.isReading && state.waiting.count >= limit
            if mustPause { state.isReading = false }
            defer { state.isWorkedOn = true }
            return (!state.isWorkedOn, mustPause)
        }
        if mustPause { channel.setOption(.autoRead, value: false).whenFailure { _ in } }
        return mustWork
    }

    /// The next message, in their order; nil: nobody works on this connection any more.
    func next() -> Incoming? {
        let (incoming, mustResume) = state.withLock { state -> (Incoming?, Bool) in
            guard !state.waiting.isEmpty, !state.isClosed else {
                state.isWorkedOn = false
                state.waiting = []
                return (nil, false)
            }
            let incoming = state.waiting.removeFirst()
            let mustResume = !state.isReading && state.waiting.count <= limit / 2
            if mustResume { state.isReading = true }
            return (incoming, mustResume)
        }
        if mustResume { channel.setOption(.autoRead, value: true).whenFailure { _ in } }
        return incoming
    }

    /// Nobody had time for it; ``stranded`` tells who tries again.
    func putBack() { state.withLock { $0.isWorkedOn = false } }

    /// Whether messages wait that nobody works on.
    var stranded: Bool {
        state.withLock { state in
            guard !state.waiting.isEmpty, !state.isWorkedOn, !state.isClosed else { return false }
            state.isWorkedOn = true
            return true
        }
    }

    /// Whether all that it has said was worked on.
    var isHeard: Bool { state.withLock { $0.waiting.isEmpty && !$0.isWorkedOn } }

    func hasClosed() { state.withLock { $0.isClosed = true } }

    /// The runs that the agent is at work on, as far as it has said.
    func withRuns<R: Sendable>(_ body: (inout WatchedRuns) -> R) -> R { state.withLock { body(&$0.runs) } }
}
