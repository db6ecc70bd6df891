import BackupCore
import BackupStorage
import BackupTestSupport
import Foundation
import Testing

/// What a person reads when the keys, the bucket or the disk are wrong.
@Suite struct RefusalTests {
    @Test func wrongKeysAndBuckets() async throws {
        let server = try await SeaweedFS()
        let stores: [(String, S3Store)] = [
            ("storage.wrong_secret", try .test(server, secret: "wrong")),
            ("storage.unknown_access_key", try .test(server, key: "nobody")),
            ("storage.no_such_bucket", try .test(server, bucket: "not-there")),
            ("storage.unreachable", try .test(server, endpoint: "http://127.0.0.1:\(try FreePort.next())")),
        ]
        for (code, store) in stores {
            for bytes in [[1, 2, 3], StoreBytes.noise(9 << 20)] {
                let error = await #expect(throws: StorageError.self) {
                    try await store.put(try ObjectKey("x"), from: StoreBytes.stream(bytes), sizeHint: nil)
                }
                #expect(error?.code == code)
                let text = "\(String(describing: error)) \(error?.message ?? "")"
                #expect(!text.contains(SeaweedFS.secretKey))
            }
            await store.close()
        }
    }

    /// The servers at hand issue no temporary credentials; the answer is the one that S3's reference documents.
    @Test(arguments: [
        ("ExpiredToken", 400, "storage.expired_credential"), ("RequestTimeTooSkewed", 403, "storage.clock_skew"),
        ("AccessDenied", 403, "storage.access_denied"), ("PermanentRedirect", 301, "storage.wrong_region"),
        ("InvalidObjectState", 403, "storage.archived"), ("QuotaExceeded", 403, "storage.disk_full"),
        ("MalformedXML", 400, "storage.refused"),
    ])
    func answersThatNoRetryHelps(_ name: String, _ status: Int, _ code: String) async throws {
        let proxy = try FaultyProxy(to: 1) { _ in .answer(status, "<Error><Code>\(name)</Code></Error>") }
        let settings = S3Settings(
            credentials: S3Credentials(accessKeyID: "a", secretAccessKey: Secret("b")), region: "us-east-1",
            endpoint: try S3Endpoint(proxy.endpoint))
        let store = try S3Store(bucket: "bucket", prefix: "", settings: settings)
        await #expect { try await StoreBytes.keys(of: store) } throws: { ($0 as? StorageError)?.code == code }
        #expect(proxy.requests.count == 1, "it was not tried again")
        await store.close()
    }

    @Test func aBucketThatVanishesUnderAnUpload() async throws {
        let server = try await SeaweedFS()
        let proxy = try FaultyProxy(to: server.port) { request in
            if request.line.contains("partNumber=2") { try? server.removeBucket() }
            return .none
        }
        let store = try S3Store.test(server, endpoint: proxy.endpoint)
        await #expect(throws: StorageError.self) {
            try await store.put(try ObjectKey("x"), from: StoreBytes.stream(StoreBytes.noise(20 << 20)), sizeHint: nil)
        }
        await store.close()
    }

    @Test func answersThatAreNonsense() async throws {
        for answer in [
            "", "<html>hello</html>", "<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>",
            "<!DOCTYPE x [<!ENTITY a 'b'>]><ListBucketResult>&a;</ListBucketResult>",
            String(repeating: "<a>", count: 100_000),
            "<ListBucketResult><Contents><Key>x</Key><Size>-1</Size></Contents></ListBucketResult>",
        ] {
            let proxy = try FaultyProxy(to: 1) { _ in .answer(200, answer) }
            let settings = S3Settings(
                credentials: S3Credentials(accessKeyID: "a", secretAccessKey: Secret("b")), region: "us-east-1",
                endpoint: try S3Endpoint(proxy.endpoint))
            let store = try S3Store(bucket: "bucket", prefix: "", settings: settings)
            await #expect { try await StoreBytes.keys(of: store) } throws: {
                ($0 as? StorageError)?.code == "storage.invalid_response"
            }
            await store.close()
        }
    }

    @Test func aFullDisk() async throws {
        let folder = try TemporaryFolder()
        let mounted = try TestProcess.run("/bin/mount", ["-t", "tmpfs", "-o", "size=4m", "none", folder.path])
        guard mounted.status == 0 else {
            print("skipped: only root can mount a small disk (\(mounted.errors))")
            return
        }
        defer { _ = try? TestProcess.run("/bin/umount", [folder.path]) }
        let store = DirectoryStore(path: folder("store"))
        await #expect {
            try await store.put(try ObjectKey("x/y"), from: StoreBytes.stream(StoreBytes.noise(6 << 20)), sizeHint: nil)
        } throws: {
            ($0 as? StorageError)?.code == "storage.disk_full"
        }
        #expect(folder.files() == [])
    }
}
