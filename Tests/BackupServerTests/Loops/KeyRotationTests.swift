import BackupControl
import BackupControlStore
import BackupCore
import BackupFormat
import BackupTestSupport
import Foundation
import Synchronization
import Testing

@testable import BackupServer

/// The database, until it dies.
private final class DyingStore: KeyStore {
    let store: ControlDatabase
    private let left: Mutex<Int>

    init(_ store: ControlDatabase, after writes: Int) {
        self.store = store
        left = Mutex(writes)
    }

    func runKeys(notUnder keyID: String, after: BackupID?, limit: Int) async throws -> [WrappedKey] {
        try await store.runKeys(notUnder: keyID, after: after, limit: limit)
    }
    func replace(_ old: WrappedKey, by new: WrappedKey) async throws {
        try count()
        try await store.replace(old, by: new)
    }
    func sealedSecrets(_ kind: SealedSecret.Kind, after: String?, limit: Int) async throws -> [SealedSecret] {
        try await store.sealedSecrets(kind, after: after, limit: limit)
    }
    func replace(_ old: SealedSecret, by sealed: [UInt8]) async throws {
        try count()
        try await store.replace(old, by: sealed)
    }

    private func count() throws {
        try left.withLock { left in
            guard left > 0 else { throw TestFailure("the database is gone") }
            left -= 1
        }
    }
}

@Suite struct KeyRotationTests {
    private func line() -> String { DataKey.random().withBytes { Data($0).base64EncodedString() } }

    /// After each write: everything opens with both keys all the time, and with the new one alone at the end.
    @Test func everythingComesUnderTheNewestKeyWhereverItIsStopped() async throws {
        let fixture = try await LoopFixture(at: "2026-03-01T12:00:00Z")
        let (old, new) = (line(), line())
        let oldKeys = try MasterKeys(Secret(old), from: "test")
        let bothKeys = try MasterKeys(Secret(new + "\n" + old), from: "test")
        let newKeys = try MasterKeys(Secret(new), from: "test")
        let job = try await fixture.addJob("")
        _ = try await fixture.database.beginSession(
            job.agentID, replica: "one", registration: .init(), at: fixture.now())
        var clear: [BackupID: [UInt8]] = [:]
        for number in 0..<3 {
            let id = try BackupID("20260301-12000\(number)-aaaaaa")
            let key = DataKey.random()
            clear[id] = key.withBytes { Array($0) }
            let (keyID, wrapped) = try oldKeys.wrap(key, runID: id.string)
            try await fixture.database.addRun(
                RunRecord(
                    id: id, jobID: job.id, agentID: job.agentID, targetID: job.targetID, storageID: job.storageID,
                    trigger: .manual, notBefore: fixture.now(), compression: .zstd, engine: .postgresql,
                    createdAt: fixture.now()))
            let claim = try #require(
                try await fixture.database.claimPending(
                    replica: "one", until: fixture.now() + 60, at: fixture.now(), limit: 1
                ).first)
            let order = RunOrder(
                objectKey: "a/\(number)", uploadID: nil,
                encryption: .init(keyID: keyID, wrappedKey: wrapped, formatVersion: 2), deadlineAt: fixture.now() + 60,
                at: fixture.now())
            #expect(try await fixture.database.dispatch(claim, order, over: 1))
            _ = try await fixture.database.finish(id, agent: nil, .cancelled, at: fixture.now())
        }
        var target = try #require(try await fixture.database.target(job.targetID))
        let place = TargetRecord.place(ofPasswordOf: target.id)
        target.sealedPassword = try oldKeys.seal(Secret("s3cret"), for: place)
        try await fixture.database.updateTarget(target)

        for _ in 0...4 {
            let rotation = KeyRotation(
                store: DyingStore(fixture.database, after: 1), keys: bothKeys, logger: fixture.logger)
            _ = try? await rotation.pass()
            try await check(fixture, clear, target.id, bothKeys)
        }
        try await check(fixture, clear, target.id, newKeys)
        for run in try await fixture.runs { #expect(run.encryption.keyID == newKeys.newestID) }
        await fixture.database.close()
    }

    private func check(
        _ fixture: LoopFixture, _ clear: [BackupID: [UInt8]], _ target: TargetRecord.ID, _ keys: MasterKeys
    ) async throws {
        for run in try await fixture.runs {
            let key = try keys.unwrap(
                try #require(run.encryption.wrappedKey), keyID: try #require(run.encryption.keyID),
                runID: run.id.string)
            #expect(key.withBytes { Array($0) } == clear[run.id])
        }
        let sealed = try #require(try await fixture.database.target(target)?.sealedPassword)
        #expect(try keys.open(sealed, for: TargetRecord.place(ofPasswordOf: target)).revealed == "s3cret")
    }
}
