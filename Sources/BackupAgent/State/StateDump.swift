internal import BackupCore
internal import BackupState
internal import BackupWire
internal import FoundationEssentials

/// The agent's state for a person to read, as `agent dump-state` prints it.
package struct StateDump: Encodable, Sendable {
    struct Run: Encodable, Sendable {
        let runID: String
        let jobID: String
        let phase: RunRecord.Phase
        let attempt: Int
        let objectKey: String
        let uploadURL: String
        let key: String
    }

    struct Restore: Encodable, Sendable {
        let restoreID: String
        let runID: String
        let phase: RestoreRecord.Phase
        let downloadURL: String
        let key: String
    }

    struct Target: Encodable, Sendable {
        let id: String
        let engine: String
        let host: String
        let port: Int
        let database: String
        let username: String
        let password: String
        let container: String
    }

    struct Job: Encodable, Sendable {
        let id: String
        let targetID: String
        let cron: String
        let isEncrypted: Bool
    }

    struct Configuration: Encodable, Sendable {
        let version: UInt64
        let targets: [Target]
        let jobs: [Job]
        let healthChecks: [String]
    }

    struct Message: Encodable, Sendable {
        let id: String
        let kind: String
    }

    let version: Int
    private(set) var config: Configuration?
    private(set) var queue: [Run] = []
    private(set) var restores: [Restore] = []
    private(set) var registry: [String: String] = [:]
    private(set) var outbox: [Message] = []
    private(set) var logsBuffer: [String] = []
    let dropped: [String: UInt64]

    /// - Throws: ``StateError``; what says why a record can't be read.
    package static func read(_ settings: AgentSettings, withSecrets: Bool) async throws -> StateDump {
        let snapshot = try await StateSnapshot.read(directory: settings.stateDirectory, key: settings.agentKey)
        return try StateDump(snapshot, withSecrets: withSecrets)
    }

    init(_ snapshot: StateSnapshot, withSecrets: Bool) throws {
        version = snapshot.version
        dropped = Dictionary(uniqueKeysWithValues: snapshot.dropped.map { ($0.key.rawValue, $0.value) })
        let shown = Shown(withSecrets: withSecrets)
        for entry in snapshot.entries {
            switch entry.bucket {
            case .config: config = try shown.configuration(entry.value) ?? config
            case .queue:
                if entry.key.hasPrefix(StateJournal.restore) {
                    restores.append(shown.restore(try RestoreRecord(entry.value)))
                } else {
                    queue.append(shown.run(try RunRecord(entry.value)))
                }
            case .registry: registry[entry.key] = String(decoding: entry.value, as: UTF8.self)
            case .outbox: outbox.append(try Self.message(entry.value))
            case .logsBuffer: logsBuffer.append(try Self.message(entry.value).kind)
            }
        }
    }

    private static func message(_ frame: [UInt8]) throws -> Message {
        let envelope = try WireCodec.decodeFromAgent(frame)
        guard let message = envelope.message else { return Message(id: envelope.correlationID, kind: "unknown") }
        if case .log(let event) = message { return Message(id: envelope.correlationID, kind: event.message) }
        // `backupCompleted(…)`: its name is enough.
        let kind = String(describing: message).prefix { $0 != "(" }
        return Message(id: envelope.correlationID, kind: String(kind))
    }
}

/// Secrets, or three stars.
private struct Shown {
    let withSecrets: Bool

    func text(_ secret: Secret) -> String { secret.revealed.isEmpty || withSecrets ? secret.revealed : "***" }

    func bytes(_ secret: SecretBytes) -> String {
        if secret.isEmpty { return "" }
        return withSecrets ? Data(secret.revealed).base64EncodedString() : "***"
    }

    func run(_ record: RunRecord) -> StateDump.Run {
        let run = record.run
        return StateDump.Run(
            runID: run.runID, jobID: run.jobID, phase: record.phase, attempt: record.attempt,
            objectKey: run.upload.objectKey, uploadURL: text(run.upload.url), key: bytes(run.key))
    }

    func restore(_ record: RestoreRecord) -> StateDump.Restore {
        let restore = record.restore
        return StateDump.Restore(
            restoreID: restore.restoreID, runID: restore.runID, phase: record.phase,
            downloadURL: restore.download.map { text($0.url) } ?? "", key: bytes(restore.key))
    }

    func configuration(_ frame: [UInt8]) throws -> StateDump.Configuration? {
        guard case .configUpdate(let configuration) = try WireCodec.decodeFromServer(frame).message else { return nil }
        return StateDump.Configuration(
            version: configuration.version, targets: configuration.targets.map(target),
            jobs: configuration.jobs.map {
                StateDump.Job(id: $0.id, targetID: $0.targetID, cron: $0.cron, isEncrypted: $0.isEncrypted)
            },
            healthChecks: configuration.healthChecks.map(\.id))
    }

    private func target(_ target: Target) -> StateDump.Target {
        // Where a secret is may be shown; the secret itself may not.
        var password = target.password.wireText.revealed
        if case .inline(let secret) = target.password { password = text(secret) }
        return StateDump.Target(
            id: target.id, engine: target.engine?.rawValue ?? "unknown", host: target.host, port: target.port,
            database: target.database, username: target.username, password: password, container: target.containerID)
    }
}
