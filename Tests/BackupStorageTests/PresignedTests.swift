import BackupCore
import BackupStorage
import BackupTestSupport
import Foundation
import Synchronization
import Testing

/// Uploads and downloads with URLs in place of keys, against a server that checks signatures and expiry.
@Suite struct PresignedTests {
    static let large = StoreBytes.noise((20 << 20) + 123)
    static var key: ObjectKey { get throws { try ObjectKey("run.dump.zst") } }

    /// With retries and time-outs that are quick enough to be tried out.
    static func transport(stallTimeout: Duration = .seconds(30)) throws -> PresignedTransport {
        var settings = TransportSettings()
        settings.retries.firstDelay = .milliseconds(5)
        settings.retries.patientAttempts = 6
        settings.stallTimeout = stallTimeout
        return try PresignedTransport(settings, allowsInsecure: false)
    }

    /// Amazon S3 API Reference, "Authenticating Requests: Using Query Parameters", the example at its end.
    @Test func amazonsExampleOfAPresignedURL() async throws {
        let credentials = S3Credentials(
            accessKeyID: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: Secret("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"))
        var settings = S3Settings(
            credentials: credentials, region: "us-east-1", endpoint: try S3Endpoint("https://s3.amazonaws.com"))
        settings.isPathStyle = false
        let store = try S3Store(bucket: "examplebucket", prefix: "", settings: settings)
        let time = Date(timeIntervalSince1970: 1_369_353_600)
        let url = store.presignedGet(try ObjectKey("test.txt"), lifetime: .seconds(86400), at: time)
        #expect(
            url.url.revealed == "https://examplebucket.s3.amazonaws.com/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256"
                + "&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request"
                + "&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host"
                + "&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404")
        #expect(url.expires == time.addingTimeInterval(86400))
        #expect("\(url)".contains("X-Amz") == false)
        await store.close()
    }

    @Test(arguments: PresignedStores.Way.allCases)
    func theContractOfAllStores(_ way: PresignedStores.Way) async throws {
        let server = try await SeaweedFS()
        let folder = try TemporaryFolder()
        let transport = try Self.transport()
        for contract in ObjectStoreContract.all {
            let direct = try S3Store.test(server, prefix: "a prefix/\(contract.name.prefix(20))")
            let store = PresignedStores(
                way, direct: direct, transport: transport, spool: SpoolSettings(directory: folder.path))
            do { try await contract.check(store) } catch { Issue.record("\(contract.name): \(error)") }
            #expect(try await direct.unfinishedUploads().map(\.key) == [], "\(contract.name)")
            #expect(folder.files() == [], "\(contract.name)")
            await direct.close()
        }
        await transport.close()
    }

    @Test func urlsThatExpiredAreReplacedAndOnlyThose() async throws {
        let server = try await SeaweedFS()
        let direct = try S3Store.test(server)
        let transport = try Self.transport()
        // Of four parts' URLs the second and the fourth, and the second one's next.
        let expired = [1, 3, 16, 20]
        let broker = try await DirectBroker(direct, key: Self.key) { expired.contains($0) ? .zero : .seconds(600) }
        let store = try PresignedMultipartStore(.s3, broker: broker, transport: transport)
        #expect(try await store.put(Self.key, from: StoreBytes.stream(Self.large), sizeHint: nil) == Self.large.count)
        #expect(broker.asked.batches.first == [1, 16])
        #expect(broker.asked.batches.dropFirst().map { $0[0] }.allSatisfy { [2, 4].contains($0) })
        #expect(try await StoreBytes.read(Self.key, from: store) == Self.large)
        #expect(broker.asked.downloads == 1)
        #expect(broker.asked.aborts == [])

        // URLs that are good for a second only, of which every one is expired before it is used again.
        let brief = try await DirectBroker(
            direct, key: try ObjectKey("other"), lifetime: { $0 == 0 ? .zero : .seconds(1) })
        let reader = try PresignedGetStore(nil, transport: transport) { try await brief.downloadURL() }
        let missing = await #expect(throws: StorageError.self) {
            try await reader.get(try ObjectKey("other"), range: nil)
        }
        #expect(missing?.code == "storage.not_found" && brief.asked.downloads == 2)
        await brief.abort(reason: "done")
        await direct.close()
        await transport.close()
    }

    @Test func urlsThatAreNeverGoodEndTheUpload() async throws {
        let server = try await SeaweedFS()
        let direct = try S3Store.test(server)
        let transport = try Self.transport()
        let cases: [(String, @Sendable (Int) -> Duration, @Sendable (PresignedURL) -> PresignedURL)] = [
            ("storage.url_expired", { _ in .zero }, { $0 }),
            (
                "storage.url_refused", { _ in .seconds(600) },
                { PresignedURL(Secret($0.url.revealed.dropLast(4) + "0000"), expires: $0.expires) }
            ),
            (
                "storage.invalid_grant", { _ in .seconds(600) },
                { PresignedURL(Secret($0.url.revealed.replacing("127.0.0.1", with: "203.0.113.1"))) }
            ),
        ]
        for (code, lifetime, change) in cases {
            let broker = try await DirectBroker(direct, key: Self.key, lifetime: lifetime, change: change)
            let store = try PresignedMultipartStore(.s3, broker: broker, transport: transport)
            for _ in 0..<2 {
                let error = await #expect(throws: StorageError.self) {
                    try await store.put(Self.key, from: StoreBytes.stream(Self.large), sizeHint: nil)
                }
                #expect(error?.code == code)
                let text = "\(String(describing: error)) \(error?.message ?? "") \(error?.hint ?? "")"
                #expect(!text.contains("X-Amz") && !text.contains("?"), "\(text)")
            }
            #expect(broker.asked.aborts == [code, code])
            #expect(try await direct.unfinishedUploads().isEmpty)
            #expect(try await direct.info(Self.key) == nil)
        }
        await direct.close()
        await transport.close()
    }

    @Test func anObjectThatIsThereIsKept() async throws {
        let server = try await SeaweedFS()
        let folder = try TemporaryFolder()
        let direct = try S3Store.test(server)
        let transport = try Self.transport()
        let broker = try await DirectBroker(direct, key: Self.key)
        _ = try await direct.put(Self.key, from: StoreBytes.stream([1, 2, 3]), sizeHint: nil)
        let stores: [any ObjectStore] = [
            try PresignedMultipartStore(.s3, broker: broker, transport: transport),
            try PresignedPutStore(
                direct.presignedPut(Self.key, lifetime: .seconds(60), at: Date()),
                spool: SpoolSettings(directory: folder.path), transport: transport),
        ]
        for store in stores {
            await #expect {
                try await store.put(Self.key, from: StoreBytes.stream(Self.large), sizeHint: nil)
            } throws: {
                ($0 as? StorageError)?.code == "storage.object_exists"
            }
            await #expect(throws: StorageError.self) { try await store.delete(Self.key) }
            await #expect(throws: StorageError.self) { try await store.info(Self.key) }
            await #expect(throws: StorageError.self) { try await StoreBytes.keys(of: store) }
        }
        #expect(try await StoreBytes.read(Self.key, from: direct) == [1, 2, 3])
        #expect(try await direct.unfinishedUploads().isEmpty)
        await direct.close()
        await transport.close()
    }

    @Test func cancellingAbortsTheUpload() async throws {
        let server = try await SeaweedFS()
        let direct = try S3Store.test(server)
        let proxy = try FaultyProxy(to: server.port) { _ in .stall }
        let signer = try S3Store.test(server, endpoint: proxy.endpoint)
        let transport = try Self.transport()
        let broker = try await DirectBroker(direct, signer: signer, key: Self.key)
        let store = try PresignedMultipartStore(.s3, broker: broker, transport: transport)
        let source = CountingStream()
        let task = Task { try await store.put(Self.key, from: source, sizeHint: nil) }
        // Parts of 6 MiB: three are on their way, the fourth is full and waits.
        try await eventually("three parts are on their way") { proxy.requests.count == 3 && source.blocks >= 24 }
        #expect(try await direct.unfinishedUploads().count == 1)
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(source.blocks == 24, "no more than 24 MiB are held while the store is silent")
        #expect(broker.asked.aborts == ["cancelled"])
        #expect(try await direct.unfinishedUploads().isEmpty)
        for store in [direct, signer] { await store.close() }
        await transport.close()
    }

    @Test func limitsOfTheServer() async throws {
        let server = try await SeaweedFS()
        let direct = try S3Store.test(server)
        let transport = try Self.transport()
        let limits = UploadLimits(minPartBytes: 8 << 20, maxPartBytes: 8 << 20, maxParts: 2)
        for (size, isEnough) in [(16 << 20, true), ((16 << 20) + 1, false)] {
            let broker = try await DirectBroker(direct, key: Self.key)
            let store = try PresignedMultipartStore(limits, broker: broker, transport: transport)
            let bytes = StoreBytes.noise(size)
            if isEnough {
                _ = try await store.put(Self.key, from: StoreBytes.stream(bytes), sizeHint: nil)
                #expect(broker.asked.batches == [[1, 2]])
                try await direct.delete(Self.key)
            } else {
                await #expect { try await store.put(Self.key, from: StoreBytes.stream(bytes), sizeHint: nil) } throws: {
                    ($0 as? StorageError)?.code == "storage.over_limit"
                }
            }
            #expect(try await direct.unfinishedUploads().isEmpty)
        }
        for nonsense in [(0, 0, 5), (9, 8, 5), (1, 1, 0), (1 << 40, 1 << 41, 5)] as [(UInt64, UInt64, Int)] {
            let broker = try await DirectBroker(direct, key: Self.key)
            #expect(throws: StorageError.self) {
                try PresignedMultipartStore(
                    UploadLimits(minPartBytes: nonsense.0, maxPartBytes: nonsense.1, maxParts: nonsense.2),
                    broker: broker, transport: transport)
            }
            await broker.abort(reason: "done")
        }
        await direct.close()
        await transport.close()
    }

    @Test func urlsThatMayNotBeUsed() async throws {
        let transport = try Self.transport()
        let insecure = try PresignedTransport(allowsInsecure: true)
        let spool = SpoolSettings(directory: "/tmp")
        let bad = [
            "", "x", "ftp://example.com/a", "https://", "https://user:pass@example.com/a?X-Amz-Signature=1",
            "https://example.com/a b", "https://example.com/a?b#c", "https://example.com/\r\nx: y",
            "http://example.com/a?X-Amz-Signature=1", "http://127.0.0.1.example.com/a",
        ]
        for text in bad {
            let error = #expect(throws: StorageError.self, "\(text)") {
                try PresignedPutStore(PresignedURL(Secret(text)), spool: spool, transport: transport)
            }
            #expect(error?.code == "storage.invalid_grant" && error?.message.contains("Signature") == false)
        }
        for headers in [["host": "x"], ["a b": "c"], ["a": "b\r\nc: d"], ["Content-Length": "1"]] {
            #expect(throws: StorageError.self) {
                try PresignedPutStore(
                    PresignedURL(Secret("https://example.com/a"), headers: headers), spool: spool, transport: transport)
            }
        }
        let store = try PresignedPutStore(
            PresignedURL(Secret("http://example.com/a/b?c=d")), spool: spool, transport: insecure)
        #expect(store.location == "http://example.com/a/b")
        await transport.close()
        await insecure.close()
    }
}

/// Blocks of 1 MiB without end, and how many were taken.
private final class CountingStream: AsyncSequence, Sendable {
    typealias Element = ByteBlock
    typealias Failure = any Error
    private let taken = Mutex(0)

    var blocks: Int { taken.withLock { $0 } }
    func makeAsyncIterator() -> Iterator { Iterator(stream: self) }

    struct Iterator: AsyncIteratorProtocol {
        let stream: CountingStream

        func next() async throws -> ByteBlock? {
            try Task.checkCancellation()
            stream.taken.withLock { $0 += 1 }
            return ByteBlock(repeatElement(7, count: 1 << 20))
        }
        func next(isolation actor: isolated (any Actor)?) async throws -> ByteBlock? { try await next() }
    }
}
