import BackupCore
import BackupFormat
import BackupPipeline
import BackupTestSupport
import Foundation
import Testing

/// Backups that were damaged, swapped or mixed up after they were made.
@Suite struct ReadingTests {
    let store = FakeStore()

    private func verify(_ selector: BackupSelector = .newest(source: nil), with identities: [any Identity]) async throws
    {
        _ = try await VerifyService(catalogue: Catalogue(store: store), progress: Progress()).run(
            selector, identities: identities)
    }

    /// Bytes that pass for a dump of the driver's engine.
    private func dump(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
        Array("PGDMP".utf8) + StoreBytes.noise(count, seed: seed)
    }

    private func object(_ report: BackupReport) throws -> ObjectKey {
        try ObjectKey(
            report.name.manifestKey().string.split(separator: "/").dropLast().joined(separator: "/") + "/"
                + report.manifest.object)
    }

    @Test func everyKindOfDamageIsFoundWithAndWithoutTheKey() async throws {
        let report = try await BackupServiceTests.backUp(FakeDriver(dump(300_000)), to: store)
        let key = try object(report)
        let good = try #require(store.objects[key])
        var damaged = stride(from: 0, to: good.count, by: 997).map { position in
            var bytes = good
            bytes[position] ^= 1
            return bytes
        }
        damaged += [
            [], Array(good.dropLast()), good + [0], Array(good.dropFirst()), Array(good.prefix(good.count / 2)),
        ]
        for bytes in damaged {
            store.tamper(key) { _ in bytes }
            await #expect(throws: (any Error).self) { try await verify(with: [BackupServiceTests.identity]) }
            await #expect(throws: (any Error).self) { try await verify(with: []) }
        }
        store.tamper(key) { _ in good }
        try await verify(with: [BackupServiceTests.identity])
        store.tamper(key) { _ in nil }
        await #expect { try await verify(with: []) } throws: { ($0 as? any BackupError)?.code == "storage.not_found" }
    }

    /// What went in was no dump: the hash agrees, and nothing could be restored from it.
    @Test func whatIsNoDumpIsNotGood() async throws {
        try await BackupServiceTests.backUp(FakeDriver(StoreBytes.noise(1000)), to: store)
        let error = await #expect(throws: PipelineError.self) { try await verify(with: [BackupServiceTests.identity]) }
        #expect(error?.code == "pipeline.dump_differs")
        try await verify(with: [])
    }

    @Test func twoGoodBackupsThatWereSwapped() async throws {
        let first = try await BackupServiceTests.backUp(FakeDriver(StoreBytes.noise(1000)), to: store)
        let second = try await BackupServiceTests.backUp(
            FakeDriver(StoreBytes.noise(1000, seed: 2)), to: store, at: 1_770_000_100)
        let objects = store.objects
        let (one, two) = (try object(first), try object(second))
        store.tamper(one) { _ in objects[two] }
        store.tamper(two) { _ in objects[one] }
        for report in [first, second] {
            for identities in [[], [BackupServiceTests.identity]] {
                await #expect(throws: PipelineError.self) { try await verify(.id(report.name.id), with: identities) }
            }
        }
        // With their manifests, too.
        let (a, b) = (try first.name.manifestKey(), try second.name.manifestKey())
        store.tamper(a) { _ in objects[b] }
        store.tamper(b) { _ in objects[a] }
        await #expect(throws: PipelineError.self) {
            try await verify(.id(first.name.id), with: [BackupServiceTests.identity])
        }
    }

    @Test func aManifestThatSomebodyWroteIsNotBelieved() async throws {
        let report = try await BackupServiceTests.backUp(FakeDriver(StoreBytes.noise(1000)), to: store)
        let key = try report.name.manifestKey()
        store.tamper(key) {
            Array(String(decoding: $0, as: UTF8.self).replacing("PostgreSQL 16.2", with: "PostgreSQL 10.1").utf8)
        }
        let error = await #expect(throws: PipelineError.self) { try await verify(with: [BackupServiceTests.identity]) }
        #expect(error?.code == "pipeline.not_authentic")
    }

    /// Somebody who can write to the store puts a newer backup there, which needs no key.
    @Test func anUnencryptedBackupIsNotTakenForOneOfOurs() async throws {
        try await BackupServiceTests.backUp(to: store)
        let planted = BackupServiceTests.request { $0.encryption = .off }
        try await BackupServiceTests.backUp(FakeDriver([6, 6, 6]), to: store, planted, at: 1_770_000_100)
        let target = FakeDriver([1, 2, 3])
        let restore = RestoreService(catalogue: Catalogue(store: store), driver: target, progress: Progress())
        let identities = [BackupServiceTests.identity]
        let refused = await #expect(throws: PipelineError.self) {
            try await restore.run(.newest(source: nil), identities: identities, options: RestoreOptions())
        }
        #expect(refused?.code == "pipeline.not_encrypted")
        #expect(target.contents == [1, 2, 3])
        await #expect(throws: PipelineError.self) { try await verify(with: identities) }
        _ = try await restore.run(
            .newest(source: nil), identities: identities, allowsUnencrypted: true, options: RestoreOptions())
        #expect(target.contents == [6, 6, 6])
    }

    @Test func aDamagedBackupIsNeverRestored() async throws {
        let report = try await BackupServiceTests.backUp(to: store)
        store.tamper(try object(report)) { Array($0.dropLast(20_000)) + StoreBytes.noise(20_000) }
        let target = FakeDriver([1, 2, 3])
        await #expect(throws: (any Error).self) {
            _ = try await RestoreService(catalogue: Catalogue(store: store), driver: target, progress: Progress())
                .run(.newest(source: nil), identities: [BackupServiceTests.identity], options: RestoreOptions())
        }
        #expect(target.contents == [1, 2, 3])
    }

    @Test func whichBackupIsMeant() async throws {
        let catalogue = Catalogue(store: store)
        await #expect { try await catalogue.resolve(.newest(source: nil)) } throws: {
            ($0 as? PipelineError)?.code == "pipeline.no_backup"
        }
        let old = try await BackupServiceTests.backUp(FakeDriver([1]), to: store)
        let new = try await BackupServiceTests.backUp(FakeDriver([2]), to: store, at: 1_770_000_100)
        #expect(try await catalogue.resolve(.newest(source: nil)) == new.name)
        #expect(try await catalogue.resolve(.id(old.name.id)) == old.name)
        let other = try await BackupServiceTests.backUp(FakeDriver([3], name: "../x y"), to: store)
        await #expect { try await catalogue.resolve(.newest(source: nil)) } throws: {
            ($0 as? PipelineError)?.code == "pipeline.several_sources"
        }
        #expect(try await catalogue.resolve(.newest(source: other.name.source)) == other.name)
        // An object without its manifest is what a killed run left.
        store.tamper(try new.name.manifestKey()) { _ in nil }
        #expect(try await catalogue.resolve(.newest(source: old.name.source)) == old.name)
        store.tamper(try old.name.manifestKey()) { _ in Array("{".utf8) }
        let entries = try await catalogue.entries()
        #expect(entries.count == 2 && entries.filter { (try? $0.manifest.get()) == nil }.count == 1)
    }

    /// A manifest that the store refuses to give is one line of the list; a store that is away is an error.
    @Test func oneManifestThatCanNotBeFetchedHidesNoOther() async throws {
        var names: [BackupName] = []
        for number in 0..<10 {
            names.append(
                try await BackupServiceTests.backUp(
                    FakeDriver([1]), to: store, at: 1_770_000_000 + Double(number * 100)
                ).name)
        }
        let refusing = RefusingStore(inner: store, refuses: [try names[3].manifestKey()], recovery: .userAction)
        let entries = try await Catalogue(store: refusing).entries()
        #expect(entries.map(\.name) == names)
        #expect(entries.filter { (try? $0.manifest.get()) == nil }.map(\.name) == [names[3]])
        let away = RefusingStore(inner: store, refuses: Set(try names.map { try $0.manifestKey() }), recovery: .retry)
        await #expect(throws: RefusingStore.Refusal.self) { try await Catalogue(store: away).entries() }
    }

    @Test func intoAnotherKindOfDatabase() async throws {
        try await BackupServiceTests.backUp(to: store)
        let service = RestoreService(
            catalogue: Catalogue(store: store), driver: FakeDriver([], engine: .sqlite), progress: Progress())
        let error = await #expect(throws: PipelineError.self) {
            try await service.run(
                .newest(source: nil), identities: [BackupServiceTests.identity], options: RestoreOptions())
        }
        #expect(error?.code == "pipeline.other_engine")
    }
}

/// Lists everything, and gives some objects not.
private struct RefusingStore: ObjectStore {
    struct Refusal: BackupError {
        let code = "storage.test"
        let message = "refused"
        let hint = "this is a test"
        let recovery: Recovery
    }

    let inner: FakeStore
    let refuses: Set<ObjectKey>
    let recovery: Recovery
    var location: String { inner.location }

    func put(_ key: ObjectKey, from source: ByteStream, sizeHint: UInt64?) async throws -> UInt64 {
        try await inner.put(key, from: source, sizeHint: sizeHint)
    }
    func get(_ key: ObjectKey, range: Range<UInt64>?) async throws -> StoredContent {
        if refuses.contains(key) { throw Refusal(recovery: recovery) }
        return try await inner.get(key, range: range)
    }
    func info(_ key: ObjectKey) async throws -> ObjectInfo? { try await inner.info(key) }
    func list(prefix: String) -> any AsyncSequence<ObjectInfo, any Error> & Sendable { inner.list(prefix: prefix) }
    func delete(_ key: ObjectKey) async throws { try await inner.delete(key) }
}
