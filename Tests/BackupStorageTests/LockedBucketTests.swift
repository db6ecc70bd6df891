import BackupCore
import BackupStorage
import BackupTestSupport
import Foundation
import Testing

/// S3 Object Lock on a real bucket: what is locked stays, whoever deletes it; what no longer is goes, with all its versions.
@Suite struct LockedBucketTests {
    private static let key = "web/shop/20261125-120000-aaaaaa.dump"
    private static let path = "test/" + key
    /// S3 keeps whole seconds.
    private static func inSeconds(_ seconds: TimeInterval) -> Date { UTCTime(Date() + seconds).date }

    private func isGone(_ store: S3Store, _ key: String = Self.key) async throws -> Bool {
        do {
            try await store.deleteForGood(try ObjectKey(key))
            return true
        } catch StorageError.locked {
            return false
        }
    }

    @Test func whatIsLockedGoesWhenTheLockHasEndedAndNotBefore() async throws {
        let server = try await SeaweedFS()
        let bucket = try LockedBucket(server)
        let store = try S3Store.test(server, bucket: LockedBucket.name)
        let modes = ["GOVERNANCE", "COMPLIANCE"]
        let end = Self.inSeconds(20)
        for mode in modes {
            let key = try ObjectKey(mode)
            _ = try await store.put(key, from: StoreBytes.stream([1, 2, 3]), sizeHint: nil)
            #expect(try await store.lock(on: key, at: Date()) == nil)
            try bucket.lock("test/" + mode, mode, until: end)
            #expect(try await store.lock(on: key, at: Date())?.until == end)
            let refusal = await #expect(throws: StorageError.self) { try await store.deleteForGood(key) }
            #expect(refusal?.code == "storage.locked" && refusal?.message.contains(UTCTime(end).rfc3339) == true)
            // The server means it.
            let version = try #require(try bucket.versions(of: "test/" + mode).first)
            #expect(try bucket.delete("test/" + mode, version: version.id) == "AccessDenied")
            // A marker hides it, and is no end of the lock.
            try await store.delete(key)
            #expect(try await store.info(key) == nil)
            #expect(try await store.lock(on: key, at: Date())?.until == end)
            #expect(try await !isGone(store, mode), "the lock was over too early for this test")
            #expect(try bucket.versions(of: "test/" + mode).map(\.isMarker) == [false, true])
        }
        for mode in modes {
            try await eventually("it can be deleted", within: .seconds(60)) { try await isGone(store, mode) }
            #expect(Date() >= end)
            #expect(try await store.lock(on: try ObjectKey(mode), at: Date()) == nil)
            #expect(try bucket.versions(of: "test/" + mode).isEmpty)
        }
        await store.close()
    }

    @Test func aLegalHoldHasNoEndUntilItIsTakenAway() async throws {
        let server = try await SeaweedFS()
        let bucket = try LockedBucket(server)
        let store = try S3Store.test(server, bucket: LockedBucket.name)
        let key = try ObjectKey(Self.key)
        _ = try await store.put(key, from: StoreBytes.stream([1]), sizeHint: nil)
        try bucket.hold(Self.path, true)
        let lock = try await store.lock(on: key, at: Date.distantFuture)
        #expect(lock != nil && lock?.until == nil)
        let refusal = await #expect(throws: StorageError.self) { try await store.deleteForGood(key) }
        #expect(refusal?.code == "storage.locked")
        try bucket.hold(Self.path, false)
        #expect(try await store.lock(on: key, at: Date()) == nil)
        #expect(try await isGone(store))
        #expect(try bucket.versions(of: Self.path).isEmpty)
        await store.close()
    }

    /// Somebody writes over a locked backup, and deletes what he has written.
    @Test func anOlderVersionCountsAndOtherKeysDont() async throws {
        let server = try await SeaweedFS()
        let bucket = try LockedBucket(server)
        let store = try S3Store.test(server, bucket: LockedBucket.name)
        let (key, neighbour) = (try ObjectKey(Self.key), try ObjectKey(Self.key + ".2"))
        _ = try await store.put(key, from: StoreBytes.stream([1]), sizeHint: nil)
        _ = try await store.put(neighbour, from: StoreBytes.stream([2]), sizeHint: nil)
        let end = Self.inSeconds(8)
        try bucket.lock(Self.path, "COMPLIANCE", until: end)
        try bucket.put(Self.path, "something else")
        #expect(try await store.lock(on: key, at: Date())?.until == end)
        #expect(try await store.lock(on: neighbour, at: Date()) == nil)
        try await eventually("it can be deleted", within: .seconds(60)) { try await isGone(store) }
        #expect(Date() >= end)
        #expect(try bucket.versions(of: Self.path).isEmpty)
        #expect(try await StoreBytes.read(neighbour, from: store) == [2])
        await store.close()
    }

    @Test func aBucketThatLocksEverythingTakesOurUploads() async throws {
        let server = try await SeaweedFS()
        let bucket = try LockedBucket(server)
        try bucket.lockEverything(days: 1)
        let store = try S3Store.test(server, bucket: LockedBucket.name)
        for size in [10, 9 << 20] {
            let key = try ObjectKey("locked-\(size)")
            let bytes = StoreBytes.noise(size)
            _ = try await store.put(key, from: StoreBytes.stream(bytes), sizeHint: nil)
            #expect(try await StoreBytes.read(key, from: store) == bytes)
            let end = try #require(try await store.lock(on: key, at: Date())?.until)
            #expect(abs(end.timeIntervalSinceNow - 86_400) < 300)
            let refusal = await #expect(throws: StorageError.self) { try await store.deleteForGood(key) }
            #expect(refusal?.code == "storage.locked")
        }
        await store.close()
    }

    // MARK: Stores that don't tell

    @Test func whoMayDeleteNoVersionsHidesThem() async throws {
        let server = try await SeaweedFS()
        let bucket = try LockedBucket(server)
        let proxy = try FaultyProxy(to: server.port) { request in
            request.line.contains("versionId=") && request.line.hasPrefix("DELETE ")
                ? .answer(403, "<Error><Code>AccessDenied</Code></Error>") : .none
        }
        let store = try S3Store.test(server, endpoint: proxy.endpoint, bucket: LockedBucket.name)
        let key = try ObjectKey(Self.key)
        _ = try await store.put(key, from: StoreBytes.stream([1]), sizeHint: nil)
        try await store.deleteForGood(key)
        #expect(try await store.info(key) == nil)
        #expect(try bucket.versions(of: Self.path).map(\.isMarker) == [false, true])
        await store.close()
    }

    @Test func aStoreWithoutAListOfVersionsIsAskedForTheObject() async throws {
        let server = try await SeaweedFS()
        let bucket = try LockedBucket(server)
        let answers = [
            (403, "<Error><Code>AccessDenied</Code></Error>"), (501, "<Error><Code>NotImplemented</Code></Error>"),
            (200, "<ListBucketResult></ListBucketResult>"),
        ]
        let end = Self.inSeconds(3600)
        for (status, answer) in answers {
            let proxy = try FaultyProxy(to: server.port) { request in
                request.line.contains("versions=") ? .answer(status, answer) : .none
            }
            let store = try S3Store.test(server, endpoint: proxy.endpoint, bucket: LockedBucket.name)
            let key = try ObjectKey("without-\(status)")
            _ = try await store.put(key, from: StoreBytes.stream([1]), sizeHint: nil)
            try bucket.lock("test/" + key.string, "GOVERNANCE", until: end)
            #expect(try await store.lock(on: key, at: Date())?.until == end)
            try await store.deleteForGood(key)
            #expect(try await store.info(key) == nil)
            await store.close()
        }
    }

    @Test func aBucketWithoutVersionsDeletesAsEver() async throws {
        let server = try await SeaweedFS()
        let store = try S3Store.test(server)
        let key = try ObjectKey(Self.key)
        _ = try await store.put(key, from: StoreBytes.stream([1]), sizeHint: nil)
        #expect(try await store.lock(on: key, at: Date()) == nil)
        try await store.deleteForGood(key)
        try await store.deleteForGood(key)
        #expect(try await store.info(key) == nil)
        await store.close()
    }

    // MARK: Long lists

    private static func page(_ ids: ClosedRange<Int>, next: String?) -> String {
        let versions = ids.map { "<Version><Key>\(path)</Key><VersionId>v\($0)</VersionId></Version>" }
        let end = next.map {
            "<IsTruncated>true</IsTruncated><NextKeyMarker>\(path)</NextKeyMarker><NextVersionIdMarker>\($0)</NextVersionIdMarker>"
        }
        return "<ListVersionsResult>\(versions.joined())\(end ?? "")</ListVersionsResult>"
    }

    @Test func allPagesOfVersionsGo() async throws {
        let proxy = try FaultyProxy(to: 1) { request in
            if request.line.hasPrefix("DELETE ") { return .answer(204, "") }
            return .answer(
                200,
                request.line.contains("version-id-marker=v2")
                    ? Self.page(3...3, next: nil) : Self.page(1...2, next: "v2"))
        }
        let store = try S3Store.test(proxy)
        try await store.deleteForGood(try ObjectKey(Self.key))
        let deleted = proxy.requests.filter { $0.hasPrefix("DELETE ") }.compactMap {
            $0.firstMatch(of: /versionId=(v[0-9])/)?.1
        }
        #expect(deleted == ["v1", "v2", "v3"])
        await store.close()
    }

    @Test func aListWithoutAnEndIsRefused() async throws {
        let proxy = try FaultyProxy(to: 1) { _ in .answer(200, Self.page(1...1, next: "v1")) }
        let store = try S3Store.test(proxy)
        let error = await #expect(throws: StorageError.self) { try await store.deleteForGood(try ObjectKey(Self.key)) }
        #expect(error?.code == "storage.invalid_response" && proxy.requests.count == 2)
        await store.close()
    }
}

extension S3Store {
    /// Of a server that a test plays.
    fileprivate static func test(_ proxy: FaultyProxy) throws -> S3Store {
        let settings = S3Settings(
            credentials: S3Credentials(accessKeyID: "a", secretAccessKey: Secret("b")), region: "us-east-1",
            endpoint: try S3Endpoint(proxy.endpoint))
        return try S3Store(bucket: "bucket", prefix: "test", settings: settings)
    }
}
