import BackupCore
import BackupWire
import Testing

@Suite struct RoundTripTests {
    @Test func everyMessageOfAnAgent() throws {
        for message in Samples.agent {
            let frame = try WireCodec.encode(message, seq: .max, timeMilliseconds: .max, correlationID: "данные")
            let expected = AgentEnvelope(
                seq: .max, timeMilliseconds: .max, correlationID: "данные", message: message, notes: [])
            #expect(try WireCodec.decodeFromAgent(frame) == expected)
        }
    }

    @Test func everyMessageOfAServer() throws {
        for message in Samples.server {
            let frame = try WireCodec.encode(message, seq: 1, timeMilliseconds: 2)
            let expected = ServerEnvelope(seq: 1, timeMilliseconds: 2, correlationID: "", message: message, notes: [])
            #expect(try WireCodec.decodeFromServer(frame) == expected)
        }
    }

    @Test func emptyMessages() throws {
        let agent: [AgentMessage] = [
            .register(Registration()), .heartbeat(Heartbeat()), .discovery([]), .jobUpdate(JobUpdate()),
            .backupCompleted(BackupCompleted()), .healthResult(HealthResult()), .log(LogEvent()),
            .restoreUpdate(RestoreUpdate()), .testConnectionResult(ConnectionTest()), .logBatch([], dropped: 0),
        ]
        for message in agent {
            #expect(try WireCodec.decodeFromAgent(frame(message)).message == message)
        }
        let server: [ServerMessage] = [
            .registerAck(RegisterAck()), .configUpdate(AgentConfiguration()), .runBackup(RunBackup()),
            .selfUpdate(SelfUpdate()), .runRestore(RunRestore()), .downloadURL(nil, error: "gone"),
            .testConnection(Target(id: "", engine: nil)),
        ]
        for message in server {
            #expect(try WireCodec.decodeFromServer(frame(message)).message == message)
        }
    }

    @Test func placesOfSecretsAndWhatNobodyKnows() throws {
        let references: [SecretReference] = [
            .none, .environment(name: "DB_PASSWORD"), .file(path: "/run/secrets/db"), .containerEnvironment(name: "X"),
        ]
        for reference in references {
            let message = ServerMessage.testConnection(Target(id: "t", engine: .mysql, password: reference))
            #expect(try WireCodec.decodeFromServer(frame(message)).message == message)
        }
        // What was not known when it was read doesn't become something known when it is written and read again.
        let unknown = AgentConfiguration(
            targets: [Target(id: "t", engine: nil)], jobs: [Job(id: "j", targetID: "t", compression: nil)],
            healthChecks: [HealthCheck(id: "c", kind: nil, target: "x")])
        #expect(try WireCodec.decodeFromServer(frame(.configUpdate(unknown))).message == .configUpdate(unknown))
    }

    private func frame(_ message: AgentMessage) throws -> [UInt8] {
        try WireCodec.encode(message, seq: 1, timeMilliseconds: 2)
    }

    private func frame(_ message: ServerMessage) throws -> [UInt8] {
        try WireCodec.encode(message, seq: 1, timeMilliseconds: 2)
    }
}
