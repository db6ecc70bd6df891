import BackupControl
import BackupCore
import BackupFormat
import BackupServer
import BackupTestSupport
import Foundation
import Logging
import Testing

@Suite struct MasterKeyTests {
    private static func key(_ byte: UInt8) -> String { Data(repeating: byte, count: 32).base64EncodedString() }

    @Test func aFileIsMadeOnceAndIsNobodyElses() throws {
        let folder = try TemporaryFolder()
        let first = try MasterKeys.load(dataDirectory: folder.path, environment: [:])
        let second = try MasterKeys.load(dataDirectory: folder.path, environment: [:])
        #expect(first.newestID == second.newestID && first.newestID.hasPrefix("mk-"))
        let attributes = try FileManager.default.attributesOfItem(atPath: folder("master.key"))
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        let other = try MasterKeys.load(dataDirectory: folder.path, environment: ["BACKUPY_MASTER_KEY": Self.key(1)])
        #expect(other.newestID != first.newestID)
        var text = ""
        dump(first, to: &text)
        let line = try String(contentsOfFile: folder("master.key"), encoding: .utf8)
        #expect(!text.contains(line.prefix(20)) && !text.contains("SymmetricKey"))
    }

    @Test(arguments: ["", "x", Data(repeating: 1, count: 31).base64EncodedString(), "\(MasterKeyTests.key(1)) x"])
    func whatIsNoKeyIsRefused(_ text: String) {
        #expect(throws: DispatchError.badMasterKey(place: "here")) { try MasterKeys(Secret(text), from: "here") }
    }

    @Test func theNewestWrapsAndAllUnwrap() throws {
        let old = try MasterKeys(Secret(Self.key(1)), from: "t")
        let both = try MasterKeys(Secret("\(Self.key(2))\n\(Self.key(1))\n"), from: "t")
        let new = try MasterKeys(Secret(Self.key(2)), from: "t")
        let key = DataKey.random()
        let (id, wrapped) = try old.wrap(key, runID: "r1")
        let bytes = key.withBytes { Array($0) }
        #expect(try both.unwrap(wrapped, keyID: id, runID: "r1").withBytes { Array($0) } == bytes)
        #expect(throws: DispatchError.keyUnavailable(keyID: id)) { try new.unwrap(wrapped, keyID: id, runID: "r1") }
        #expect(throws: DispatchError.keyUnavailable(keyID: id)) { try both.unwrap(wrapped, keyID: id, runID: "r2") }
        let (newID, again) = try both.wrap(key, runID: "r1")
        #expect(newID == new.newestID)
        #expect(try new.unwrap(again, keyID: newID, runID: "r1").withBytes { Array($0) } == bytes)
        let sealed = try old.seal(Secret("pass"), for: "targets/t/password")
        #expect(try both.open(sealed, for: "targets/t/password").revealed == "pass")
        #expect(throws: ControlError.self) { try new.open(sealed, for: "targets/t/password") }
        #expect(throws: ControlError.self) { try both.open(sealed, for: "targets/u/password") }
    }

    @Test func aTokenIsWhatTheReaderWants() throws {
        let keys = try MasterKeys(Secret(Self.key(1)), from: "t")
        let key = DataKey.random()
        let id = try BackupID("20261125-120000-aaaaaa")
        var run = RunRecord(
            id: id, jobID: .init("j"), agentID: .init("a"), targetID: .init("t"), storageID: .init("s"),
            trigger: .manual, notBefore: Date(), compression: .zstd, engine: .postgresql, createdAt: Date())
        let tokens = DecryptionTokens(keys: keys)
        #expect(throws: ControlError.self) { try tokens.token(for: run, subject: "u", at: Date()) }
        let (keyID, wrapped) = try keys.wrap(key, runID: id.string)
        run.encryption = .init(keyID: keyID, wrappedKey: wrapped, formatVersion: 2)
        run.stored = .init(sizeBytes: 1, sha256: String(repeating: "ab", count: 32), duration: .zero)
        let now = Date()
        let text = try tokens.token(for: run, subject: "u", at: now).revealed
        let token = try DecryptionToken(text, now: now)
        #expect(token.runID == id.string && token.formatVersion == 2 && token.sha256 == run.stored?.sha256)
        #expect(token.key.withBytes { Array($0) } == key.withBytes { Array($0) })
        _ = try DecryptionToken(text, now: now.addingTimeInterval(899))
        #expect(throws: FormatError.expiredToken) { try DecryptionToken(text, now: now.addingTimeInterval(901)) }
    }

    @Test func aServerDoesNotStartOverTheDatabaseOfAnotherKey() async throws {
        let (first, second) = (try TemporaryFolder(), try TemporaryFolder())
        func server(_ folder: TemporaryFolder, _ environment: [String: String] = [:]) async throws -> Server {
            var settings = ServerSettings(port: 0, database: Secret(first("control.db")), dataDirectory: folder.path)
            settings.environment = environment
            return try await Server(settings, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        }
        let id = try await server(first).keys.newestID
        await #expect(throws: DispatchError.foreignMasterKey(keyID: id)) { _ = try await server(second) }
        // A new key before the old one, and later alone.
        let old = try String(contentsOfFile: first("master.key"), encoding: .utf8)
        let new = DataKey.random().withBytes { Data($0).base64EncodedString() }
        let both = try await server(second, [MasterKeys.variable: "\(new)\n\(old)"])
        #expect(both.keys.newestID != id)
        #expect(try await server(second, [MasterKeys.variable: new]).keys.newestID == both.keys.newestID)
    }
}
