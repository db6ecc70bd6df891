import BackupAgent
import BackupCore
import BackupTestSupport
import BackupWire
import Logging
import Synchronization

/// In memory, and as strict about order as the real one.
actor FakeOutbox: Outbox {
    private(set) var entries: [OutboxEntry] = []
    private(set) var removed: [String] = []
    private var last: UInt64 = 0
    private var failures = 0

    func failNext(_ count: Int) { failures = count }

    func append(_ message: AgentMessage, id: String) {
        last += 1
        entries.append(OutboxEntry(position: last, id: id, message: message))
    }

    func pending(after position: UInt64?, limit: Int) throws -> [OutboxEntry] {
        if failures > 0 {
            failures -= 1
            throw TestFailure("the disk is gone")
        }
        return Array(entries.filter { $0.position > position ?? 0 }.prefix(limit))
    }

    func remove(position: UInt64) {
        removed += entries.filter { $0.position == position }.map(\.id)
        entries.removeAll { $0.position == position }
    }
}

struct FakeSource: HeartbeatSource {
    var capabilities: Set<Capability> = [.ack, .multipart, .restore]

    func registration() -> Registration {
        var registration = Registration()
        registration.agentVersion = AgentVersion.current
        registration.hostname = "box"
        registration.capabilities = capabilities
        return registration
    }

    func heartbeat() -> Heartbeat {
        var heartbeat = Heartbeat()
        heartbeat.configVersion = 7
        return heartbeat
    }
}

final class RecordingHandler: ServerMessageHandler {
    struct Taken: Sendable, Equatable {
        let message: ServerMessage
        let correlationID: String
    }

    private let state = Mutex<(acks: [RegisterAck], taken: [Taken])>(([], []))
    var acks: [RegisterAck] { state.withLock { $0.acks } }
    var taken: [Taken] { state.withLock { $0.taken } }

    func connected(_ ack: RegisterAck, capabilities: Set<Capability>) { state.withLock { $0.acks.append(ack) } }
    func received(_ message: ServerMessage, correlationID: String) {
        state.withLock { $0.taken.append(Taken(message: message, correlationID: correlationID)) }
    }
}

/// Keeps what was logged, and the pauses between connections.
final class Record: Sendable {
    private let state = Mutex<(lines: [String], pauses: [Duration])>(([], []))
    var lines: [String] { state.withLock { $0.lines } }
    var pauses: [Duration] { state.withLock { $0.pauses } }
    func log(_ line: String) { state.withLock { $0.lines.append(line) } }
    func pause(_ wait: Duration) { state.withLock { $0.pauses.append(wait) } }
}

struct RecordingLog: LogHandler {
    let record: Record
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.info
    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: Logging.LogEvent) {
        let fields = (event.metadata ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        record.log("\(event.level) \(event.message) \(fields.joined(separator: " "))")
    }
}

/// A session against a peer.
struct Rig: Sendable {
    let peer: ScriptedPeer
    let session: AgentSession
    let outbox: FakeOutbox
    let handler: RecordingHandler
    let record: Record

    /// Times in which a test can wait, and a jitter of none. Pauses are written down, and last at most 20 ms.
    static var quick: SessionSettings {
        var settings = SessionSettings()
        settings.tick = .milliseconds(10)
        settings.outboxPause = .milliseconds(10)
        settings.closingGrace = .seconds(1)
        settings.backoff = Backoff(random: { _ in 1 })
        return settings
    }

    /// Runs a session for as long as `body` takes.
    static func run(
        _ peer: ScriptedPeer, url: String? = nil, settings: SessionSettings = quick, source: FakeSource = FakeSource(),
        trust: ServerTrust? = nil, proxy: ProxySettings = .none, outbox: FakeOutbox = FakeOutbox(),
        durable: (any Outbox)? = nil,
        _ body: (Rig) async throws -> Void
    ) async throws {
        let record = Record()
        var settings = settings
        settings.pause = { wait in
            record.pause(wait)
            try await Task.sleep(for: min(wait, .milliseconds(20)))
        }
        let handler = RecordingHandler()
        let connector = ServerConnector(
            address: try ServerAddress(url ?? "wss://localhost:\(peer.port)", allowsInsecure: true),
            key: Secret(PeerScript().key),
            trust: try trust ?? ServerTrust(certificateAuthorityFile: TestAuthority.shared.get().file), proxy: proxy)
        let session = AgentSession(
            connector: connector, outbox: durable ?? outbox, source: source, handler: handler, settings: settings,
            logger: Logger(label: "session") { _ in RecordingLog(record: record) })
        let rig = Rig(peer: peer, session: session, outbox: outbox, handler: handler, record: record)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await session.run() }
            defer { group.cancelAll() }
            try await body(rig)
        }
    }

    func isConnected(times: Int = 1) async throws {
        try await eventually("connection \(times)") {
            await session.status.state == .connected && handler.acks.count >= times
        }
    }

    /// A message that must not be lost.
    static func completed(_ run: String) -> AgentMessage {
        var message = BackupCompleted()
        message.runID = run
        return .backupCompleted(message)
    }
}
