@testable import BackupAgent
import BackupCore
import BackupStorage
import BackupTestSupport
import BackupWire
import Logging
import Synchronization

/// Remembers what it was given; nobody is at its other end.
final class FakeLink: ControlLink {
    private let answers: @Sendable (AgentMessage) -> ServerMessage?
    private let sent = Mutex<[AgentMessage]>([])
    var posted: [AgentMessage] { sent.withLock { $0 } }
    var capabilities: Set<Capability> { [] }
    var status: SessionStatus { SessionStatus() }

    init(answers: @escaping @Sendable (AgentMessage) -> ServerMessage? = { _ in nil }) { self.answers = answers }

    func post(_ message: AgentMessage, correlationID: String) { sent.withLock { $0.append(message) } }
    func deliver(_ message: AgentMessage, id: String) { sent.withLock { $0.append(message) } }
    func deliverPending() {}
    func request(_ message: AgentMessage, within limit: Duration) throws -> ServerMessage {
        guard let answer = answers(message) else { throw SessionError.noAnswer(within: limit) }
        return answer
    }
}

/// A journal whose disk can be full, and whose writes can be held up.
actor FaultyJournal: RunJournal, RestoreJournal {
    private(set) var ends: [AgentMessage] = []
    private(set) var failures = 0
    private(set) var forgotten: [String] = []
    private var isFull = false
    private var isHeld = false
    private let before: [String]
    private var kept: [String: RestoreRecord] = [:]

    /// - Parameter ended: runs of before.
    init(ended: [String] = []) { before = ended }

    func setFull(_ isFull: Bool) { self.isFull = isFull }
    func setHeld(_ isHeld: Bool) { self.isHeld = isHeld }

    private func write() async throws {
        while isHeld { try await Task.sleep(for: .milliseconds(1)) }
        guard isFull else { return }
        failures += 1
        throw TestFailure("the disk is full")
    }

    func runs() -> (open: [RunRecord], ended: [String]) { ([], before) }
    func save(_ record: RunRecord) async throws { try await write() }
    func end(_ record: RunRecord, with messages: [AgentMessage]) async throws {
        try await write()
        ends += messages
    }
    func forget(_ runIDs: [String]) async throws {
        guard !runIDs.isEmpty else { return }
        try await write()
        forgotten += runIDs
    }

    func restores() -> [RestoreRecord] { kept.values.sorted { $0.order < $1.order } }
    func save(_ record: RestoreRecord) async throws {
        try await write()
        kept[record.restore.restoreID] = record
    }
    func end(_ record: RestoreRecord, with message: AgentMessage) async throws {
        try await write()
        kept[record.restore.restoreID] = record
        ends.append(message)
    }
    func forget(restoreIDs: [String]) async throws {
        try await write()
        for id in restoreIDs { kept[id] = nil }
        forgotten += restoreIDs
    }
}

extension Surroundings {
    /// Of all tests: nothing is sent over it, and nobody would close another one.
    private static let transport = Result { try PresignedTransport(allowsInsecure: true) }

    /// Nothing around but a folder.
    static func test(
        _ folder: TemporaryFolder, policy: HostPolicy = HostPolicy(), link: any ControlLink = FakeLink()
    ) throws -> Surroundings {
        let settings = try AgentSettings(environment: [
            "BACKUPY_AGENT_KEY": "bkpy_test_" + String(repeating: "A", count: 32), "BACKUPY_STATE_DIR": folder.path,
        ])
        return Surroundings(
            settings: settings, policy: policy, environment: [:], redaction: Redaction(),
            metrics: AgentMetrics(version: "0", commit: "0"),
            log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            link: link, transport: try transport.get(),
            spool: SpoolSettings(directory: folder.path))
    }
}
