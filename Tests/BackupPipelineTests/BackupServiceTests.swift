import BackupCore
import BackupFormat
import BackupPipeline
import BackupTestSupport
import Foundation
import Testing

@Suite struct BackupServiceTests {
    static let identity = X25519Identity.random()
    static let dump = StoreBytes.noise((5 << 20) + 77)

    static func request(_ change: (inout BackupRequest) -> Void = { _ in }) -> BackupRequest {
        var request = BackupRequest(encryption: .recipients([identity.recipient]), toolVersion: "test")
        change(&request)
        return request
    }

    @discardableResult
    static func backUp(
        _ driver: FakeDriver = FakeDriver(dump), to store: any ObjectStore, _ request: BackupRequest = request(),
        at seconds: TimeInterval = 1_770_000_000
    ) async throws -> BackupReport {
        var random = SystemRandomNumberGenerator()
        return try await BackupService(driver: driver, store: store, progress: Progress())
            .run(request, now: Date(timeIntervalSince1970: seconds), using: &random)
    }

    @Test(arguments: Compression.allCases, [true, false])
    func whatWentInComesOut(_ compression: Compression, _ isEncrypted: Bool) async throws {
        for size in [0, 1, (1 << 20) - 1, 1 << 20, Self.dump.count] {
            let store = FakeStore()
            let dump = Array(Self.dump.prefix(size))
            let report = try await Self.backUp(
                FakeDriver(dump), to: store,
                Self.request {
                    $0.compression = compression
                    if !isEncrypted { $0.encryption = .off }
                })
            #expect(report.manifest.dumpSize == UInt64(size))
            #expect(store.objects.count == 2)
            let target = FakeDriver([])
            _ = try await RestoreService(catalogue: Catalogue(store: store), driver: target, progress: Progress())
                .run(.newest(source: nil), identities: isEncrypted ? [Self.identity] : [], options: RestoreOptions())
            #expect(target.contents == dump)
        }
    }

    /// Whatever fails, and when: afterwards there is no backup, and nothing of one.
    @Test(arguments: [BackupRequest.ReadBack.all, .ends])
    func everyOperationOfTheStoreFailsOnce(_ readBack: BackupRequest.ReadBack) async throws {
        var number = 0
        while true {
            let store = FakeStore()
            let faulty = FaultyStore(store, failing: number)
            do {
                try await Self.backUp(to: faulty, Self.request { $0.readBack = readBack })
                #expect(faulty.operations <= number, "operation \(number) failed, and nobody noticed")
                break
            } catch is FaultyStore.Fault {
                #expect(store.objects.isEmpty, "operation \(number) left \(store.objects.keys)")
            }
            number += 1
        }
        #expect(number >= 6)
        print("operations that failed one after another: \(number)")
    }

    @Test func aDumpThatFailsAnywhereLeavesNothing() async throws {
        for count in [0, 1, 1 << 20, (5 << 20) + 76, (5 << 20) + 77] {
            let store = FakeStore()
            await #expect(throws: FakeDriver.Failure.self) {
                try await Self.backUp(FakeDriver(Self.dump, failsAfter: count), to: store)
            }
            #expect(store.objects.isEmpty)
        }
    }

    @Test func aStoreThatChangesWhatItWasGivenIsCaught() async throws {
        for position in [0, 100, 400, 5000, 1 << 20, 5_000_000] {
            let store = CorruptingStore(position: position)
            await #expect(throws: (any Error).self, "byte \(position)") { try await Self.backUp(to: store) }
            #expect(store.inner.objects.isEmpty)
        }
    }

    /// A store that takes its time after the last byte is what the others waited for.
    @Test func theStoresLastWordIsPartOfTheUpload() async throws {
        let report = try await Self.backUp(to: LingeringStore())
        let upload = try #require(report.stages.first { $0.stage == .upload })
        #expect(upload.busySeconds >= 1)
        #expect(report.limiting == .upload)
    }

    @Test func cancellingLeavesNothing() async throws {
        let store = FakeStore()
        let task = Task { try await Self.backUp(to: StallingStore(inner: store)) }
        try await Task.sleep(for: .milliseconds(50))
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(store.objects.isEmpty)
    }
}

/// Flips a bit of every dump it stores.
private struct CorruptingStore: ObjectStore {
    let inner = FakeStore()
    let position: Int
    var location: String { inner.location }

    func put(_ key: ObjectKey, from source: ByteStream, sizeHint: UInt64?) async throws -> UInt64 {
        let size = try await inner.put(key, from: source, sizeHint: sizeHint)
        inner.tamper(key) { bytes in
            var bytes = bytes
            if position < bytes.count { bytes[position] ^= 4 }
            return bytes
        }
        return size
    }

    func get(_ key: ObjectKey, range: Range<UInt64>?) async throws -> StoredContent {
        try await inner.get(key, range: range)
    }
    func info(_ key: ObjectKey) async throws -> ObjectInfo? { try await inner.info(key) }
    func list(prefix: String) -> any AsyncSequence<ObjectInfo, any Error> & Sendable { inner.list(prefix: prefix) }
    func delete(_ key: ObjectKey) async throws { try await inner.delete(key) }
}

/// Acknowledges an object a second after it has all of it.
private struct LingeringStore: ObjectStore {
    let inner = FakeStore()
    var location: String { inner.location }

    func put(_ key: ObjectKey, from source: ByteStream, sizeHint: UInt64?) async throws -> UInt64 {
        let size = try await inner.put(key, from: source, sizeHint: sizeHint)
        try await Task.sleep(for: .seconds(1))
        return size
    }

    func get(_ key: ObjectKey, range: Range<UInt64>?) async throws -> StoredContent {
        try await inner.get(key, range: range)
    }
    func info(_ key: ObjectKey) async throws -> ObjectInfo? { try await inner.info(key) }
    func list(prefix: String) -> any AsyncSequence<ObjectInfo, any Error> & Sendable { inner.list(prefix: prefix) }
    func delete(_ key: ObjectKey) async throws { try await inner.delete(key) }
}

/// Takes a block, and then nothing until it is cancelled.
private struct StallingStore: ObjectStore {
    let inner: FakeStore
    var location: String { inner.location }

    func put(_ key: ObjectKey, from source: ByteStream, sizeHint: UInt64?) async throws -> UInt64 {
        for try await _ in source { try await Task.sleep(for: .seconds(600)) }
        return 0
    }

    func get(_ key: ObjectKey, range: Range<UInt64>?) async throws -> StoredContent {
        try await inner.get(key, range: range)
    }
    func info(_ key: ObjectKey) async throws -> ObjectInfo? { try await inner.info(key) }
    func list(prefix: String) -> any AsyncSequence<ObjectInfo, any Error> & Sendable { inner.list(prefix: prefix) }
    func delete(_ key: ObjectKey) async throws { try await inner.delete(key) }
}
