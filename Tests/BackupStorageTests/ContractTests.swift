import BackupCore
import BackupStorage
import BackupTestSupport
import Testing

@Suite struct ContractTests {
    @Test("in memory", arguments: ObjectStoreContract.all)
    func fake(_ contract: ObjectStoreContract) async throws { try await contract.check(FakeStore()) }

    @Test("in a directory", arguments: ObjectStoreContract.all)
    func directory(_ contract: ObjectStoreContract) async throws {
        let folder = try TemporaryFolder()
        try await contract.check(DirectoryStore(path: folder("not/there/yet")))
        #expect(folder.files() == [])
    }

    @Test func s3() async throws {
        let server = try await SeaweedFS()
        for contract in ObjectStoreContract.all {
            let store = try S3Store.test(server, prefix: "a prefix/\(contract.name.prefix(20))")
            do { try await contract.check(store) } catch { Issue.record("\(contract.name): \(error)") }
            #expect(try await store.unfinishedUploads().map(\.key) == [], "\(contract.name)")
            await store.close()
        }
    }

    /// More than the server lists at a time.
    @Test func unfinishedUploadsAreListedPageByPage() async throws {
        let server = try await SeaweedFS()
        let store = try S3Store.test(server, prefix: "ours")
        let other = try S3Store.test(server, prefix: "another")
        var begun: [String] = []
        for number in 0..<7 {
            let key = try ObjectKey("a/\(number % 4)")
            begun.append("ours/\(key) \(try await store.beginUpload(key))")
            _ = try await other.beginUpload(key)
        }
        for page in [1, 2, 3, 1000] {
            let listed = try await store.unfinishedUploads(page: page).map { "\($0.key) \($0.id)" }
            #expect(listed.sorted() == begun.sorted(), "pages of \(page)")
        }
        for store in [store, other] { await store.close() }
    }
}

extension S3Store {
    /// With retries and time-outs that are quick enough to be tried out.
    static func test(
        _ server: SeaweedFS, endpoint: String? = nil, prefix: String = "test", secret: String = SeaweedFS.secretKey,
        key: String = SeaweedFS.accessKey, bucket: String = SeaweedFS.bucket, stallTimeout: Duration = .seconds(30)
    ) throws -> S3Store {
        let credentials = S3Credentials(accessKeyID: key, secretAccessKey: Secret(secret))
        var settings = S3Settings(
            credentials: credentials, region: "us-east-1", endpoint: try S3Endpoint(endpoint ?? server.endpoint))
        settings.retries.firstDelay = .milliseconds(5)
        settings.retries.largestDelay = .milliseconds(20)
        settings.stallTimeout = stallTimeout
        return try S3Store(bucket: bucket, prefix: prefix, settings: settings)
    }
}
