import BackupControl
import BackupControlStore
import BackupCore
import BackupTestSupport
import Foundation
import Logging
import Testing

@testable import BackupServer

/// The master key under a KMS's key.
@Suite struct KMSMasterKeyTests {
    @Test func itIsMadeOnceAndOnlyKeptWrapped() async throws {
        let fixture = try await KMSFixture()
        let folder = try TemporaryFolder()
        let database = try await ControlDatabase.open(Secret(folder("control.db")))
        let first = try await fixture.source(database, folder).load()
        let second = try await fixture.source(database, folder).load()
        #expect(first.newestID == second.newestID && first.count == 1)
        let attributes = try FileManager.default.attributesOfItem(atPath: folder("master.key.kms"))
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        #expect(!FileManager.default.fileExists(atPath: folder("master.key")))

        // Another client opens it, in its context only.
        let wrapped = try #require(try await database.setting("master_key_kms/\(fixture.keyID)"))
        #expect(
            try String(contentsOfFile: folder("master.key.kms"), encoding: .utf8) == "\(fixture.keyID) \(wrapped)\n")
        let blob = ["base64": wrapped]
        let answer = try fixture.moto.call(
            "kms", "decrypt", ["CiphertextBlob": blob, "EncryptionContext": KMSClient.context])
        let clear = try #require(answer["Plaintext"] as? String)
        #expect(try MasterKeys(Secret(clear), from: "botocore").newestID == first.newestID)
        let bare = try fixture.moto.call("kms", "decrypt", ["CiphertextBlob": blob])
        #expect(bare["error"] as? String == "InvalidCiphertextException")
        let bytes = try #require(Data(base64Encoded: clear))
        await database.close()
        for file in folder.files() {
            let content = try Data(contentsOf: URL(filePath: folder(file)))
            #expect(content.firstRange(of: bytes) == nil && content.firstRange(of: Data(clear.utf8)) == nil, "\(file)")
        }
    }

    @Test func replicasThatStartAtOnceHaveTheSame() async throws {
        let fixture = try await KMSFixture()
        let server = try await PostgreSQLServer()
        try server.createDatabase("control")
        let databases = [
            try await ControlDatabase.open(Secret(server.url("control"))),
            try await ControlDatabase.open(Secret(server.url("control"))),
        ]
        let folders = try (0..<6).map { _ in try TemporaryFolder() }
        let ids: [String] = try await withThrowingTaskGroup(of: String.self) { group in
            for (number, folder) in folders.enumerated() {
                let source = fixture.source(databases[number % 2], folder)
                group.addTask { try await source.load().newestID }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(ids.count == 6 && Set(ids).count == 1)
        let copies = try folders.map { try String(contentsOfFile: $0("master.key.kms"), encoding: .utf8) }
        #expect(Set(copies).count == 1)
        for database in databases { await database.close() }
    }

    @Test func theDatabaseOrTheFileAloneBringsItBack() async throws {
        let fixture = try await KMSFixture()
        let (folder, other) = (try TemporaryFolder(), try TemporaryFolder())
        let first = try await ControlDatabase.open(Secret(folder("first.db")))
        let id = try await fixture.source(first, folder).load().newestID
        #expect(try await fixture.source(first, other).load().newestID == id)
        let second = try await ControlDatabase.open(Secret(folder("second.db")))
        #expect(try await fixture.source(second, other).load().newestID == id)
        #expect(try await second.setting("master_key_kms/\(fixture.keyID)") != nil)
        for database in [first, second] { await database.close() }
    }

    // MARK: What was tampered with

    /// The database was lost, and a replica without a copy was the first to start on the new one.
    @Test func aCopyIsNotWrittenOverByAnotherDatabases() async throws {
        let fixture = try await KMSFixture()
        let (folder, other) = (try TemporaryFolder(), try TemporaryFolder())
        let first = try await ControlDatabase.open(Secret(folder("first.db")))
        let second = try await ControlDatabase.open(Secret(folder("second.db")))
        let id = try await fixture.source(first, folder).load().newestID
        _ = try await fixture.source(second, other).load()
        let copy = try String(contentsOfFile: folder("master.key.kms"), encoding: .utf8)
        await #expect(throws: KMSError.otherWrapped(keyID: fixture.keyID, path: folder("master.key.kms"))) {
            _ = try await fixture.source(second, folder).load()
        }
        #expect(try String(contentsOfFile: folder("master.key.kms"), encoding: .utf8) == copy)
        try await second.setSetting("master_key_kms/\(fixture.keyID)", nil)
        #expect(try await fixture.source(second, folder).load().newestID == id, "as its hint says")
        for database in [first, second] { await database.close() }
    }

    @Test func whatTheKeyHasNotWrappedIsRefused() async throws {
        let fixture = try await KMSFixture()
        let folder = try TemporaryFolder()
        let database = try await ControlDatabase.open(Secret(folder("control.db")))
        _ = try await fixture.source(database, folder).load()
        let name = "master_key_kms/\(fixture.keyID)"
        let wrapped = try #require(try await database.setting(name))
        var damaged = try #require(Data(base64Encoded: wrapped))
        damaged[damaged.count - 1] ^= 1
        for text in [damaged.base64EncodedString(), String(wrapped.dropLast(8)), "no base64", ""] {
            try await database.setSetting(name, text)
            await #expect(throws: KMSError.foreignKey(keyID: fixture.keyID)) {
                _ = try await fixture.source(database, folder).load()
            }
        }
        // Of another key of the same KMS: AWS says IncorrectKeyException, moto AccessDeniedException.
        let other = try fixture.moto.call(
            "kms", "generate_data_key_without_plaintext",
            [
                "KeyId": try KMSFixture.makeKey(fixture.moto), "KeySpec": "AES_256",
                "EncryptionContext": KMSClient.context,
            ])
        try await database.setSetting(name, try #require(other["CiphertextBlob"] as? String))
        await #expect(throws: KMSError.denied(operation: "Decrypt", keyID: fixture.keyID)) {
            _ = try await fixture.source(database, folder).load()
        }
        await database.close()
    }

    /// Good, of the right key and in the right context, but not what the database's secrets are under.
    @Test func anotherInstallationsIsRefusedByTheCheck() async throws {
        let fixture = try await KMSFixture()
        let folder = try TemporaryFolder()
        let id = try await server(folder, fixture.environment()).keys.newestID
        let database = try await ControlDatabase.open(Secret(folder("control.db")))
        let answer = try fixture.moto.call(
            "kms", "generate_data_key_without_plaintext",
            ["KeyId": fixture.keyID, "KeySpec": "AES_256", "EncryptionContext": KMSClient.context])
        try await database.setSetting("master_key_kms/\(fixture.keyID)", answer["CiphertextBlob"] as? String)
        // Where there is no copy that would tell.
        try FileManager.default.removeItem(atPath: folder("master.key.kms"))
        await #expect(throws: DispatchError.foreignMasterKey(keyID: id)) {
            _ = try await server(folder, fixture.environment())
        }
        await database.close()
    }

    // MARK: Changing

    private func server(_ folder: TemporaryFolder, _ environment: [String: String]) async throws -> Server {
        var settings = ServerSettings(port: 0, database: Secret(folder("control.db")), dataDirectory: folder.path)
        settings.environment = environment
        return try await Server(settings, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    private func rotate(_ server: Server) async throws {
        _ = try await KeyRotation(store: server.database, keys: server.keys, logger: server.logger).pass()
    }

    /// From a file to a KMS, to another of its keys, and back to a file: each time the old one goes afterwards.
    @Test func everythingMovesToAnotherKindOfKeyAndBack() async throws {
        let fixture = try await KMSFixture()
        let folder = try TemporaryFolder()
        let file = try await server(folder, [:])
        let agent = AgentRecord(id: .init("agent-1"), name: "web", createdAt: Date())
        var target = TargetRecord(
            id: .init("target-1"), agentID: agent.id, name: "shop", engine: .postgresql, createdAt: Date())
        let place = TargetRecord.place(ofPasswordOf: target.id)
        target.sealedPassword = try file.keys.seal(Secret("s3cret"), for: place)
        try await file.database.addAgent(agent, keyHash: [1])
        try await file.database.addTarget(target)
        func opens(with server: Server) async throws -> Bool {
            let sealed = try #require(try await server.database.target(target.id)?.sealedPassword)
            return try server.keys.open(sealed, for: place).revealed == "s3cret"
        }

        let both = try await server(folder, fixture.environment())
        #expect(both.keys.count == 2 && both.keys.newestID != file.keys.newestID)
        try await rotate(both)
        try FileManager.default.removeItem(atPath: folder("master.key"))
        let kms = try await server(folder, fixture.environment())
        #expect(kms.keys.count == 1)
        #expect(try await opens(with: kms))

        let otherKey = try KMSFixture.makeKey(fixture.moto)
        let two = fixture.environment(keyID: otherKey)
        await #expect(throws: DispatchError.foreignMasterKey(keyID: kms.keys.newestID)) {
            _ = try await server(folder, two)
        }
        let previous = two.merging([KMSSettings.previousVariable: fixture.keyID]) { $1 }
        try await rotate(try await server(folder, previous))
        let other = try await server(folder, two)
        #expect(other.keys.newestID != kms.keys.newestID)
        #expect(try await opens(with: other))

        try await rotate(try await server(folder, fixture.environment(KMSSettings.previousVariable, keyID: otherKey)))
        let again = try await server(folder, [:])
        #expect(again.keys.count == 1)
        #expect(try await opens(with: again))
        for server in [file, both, kms, other, again] { await server.database.close() }
    }

    @Test func aPreviousKeyThatWrappedNothingIsAMistake() async throws {
        let fixture = try await KMSFixture()
        let folder = try TemporaryFolder()
        let environment = fixture.environment(KMSSettings.previousVariable)
        await #expect(throws: KMSError.nothingWrapped(keyID: fixture.keyID)) {
            _ = try await server(folder, environment)
        }
    }
}
