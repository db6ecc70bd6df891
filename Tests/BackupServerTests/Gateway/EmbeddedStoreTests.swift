import BackupControl
import BackupCore
import BackupServer
import BackupStorage
import BackupTestSupport
import Foundation
import Testing

/// The server's own directory, through the very transports that agents use for buckets.
@Suite(.serialized) struct EmbeddedStoreTests {
    private struct Broker: UploadBroker {
        let target: any UploadTarget
        let key: ObjectKey
        let uploadID: String

        func partURLs(first: Int, count: Int) async throws -> [PresignedPart] {
            (first..<first + count).map {
                target.part(key, uploadID, number: $0, lifetime: .seconds(600), at: Date())
            }
        }
        func complete(parts: [UploadedPartInfo], size: UInt64) async throws -> CompletedUpload {
            CompletedUpload(size: try await target.complete(key, uploadID, parts: parts))
        }
        func abort(reason: String) async { try? await target.abort(key, uploadID) }
        func downloadURL() async throws -> PresignedURL { target.get(key, lifetime: .seconds(600), at: Date()) }
    }

    private func store() async throws -> (GatewayFixture, any UploadTarget) {
        let server = try await GatewayFixture(isSecure: false)
        let agent = await GatewayFixture.addAgent("web-1", to: server.store)
        let job = await GatewayFixture.addJob(of: agent, to: server.store)
        return (server, try await server.storage.target(job.storageID))
    }

    @Test func peopleAndAgentsMayComeByDifferentWays() async throws {
        let folder = try TemporaryFolder()
        let keys = try MasterKeys.load(dataDirectory: folder.path, environment: [:])
        let links = StoreLinks(publicURL: "https://people.test/", agentURL: "http://agents.test:8080", keys: keys)
        let store = EmbeddedStore(profile: .init("p"), root: folder("store"), links: links)
        let (key, now) = (try ObjectKey("a/b"), Date())
        let part = store.part(key, "upload", number: 1, lifetime: .seconds(60), at: now).url
        let put = store.put(key, isCreateOnly: true, lifetime: .seconds(60), at: now)
        let get = store.get(key, lifetime: .seconds(60), at: now)
        for url in [part, put, get] { #expect(url.url.revealed.hasPrefix("http://agents.test:8080/v1/store/p/a/b?")) }
        let download = store.download(key, lifetime: .seconds(60), at: now)
        #expect(download.url.revealed.hasPrefix("https://people.test/v1/store/p/a/b?"))
        #expect(download.url.revealed.hasSuffix(String(get.url.revealed.split(separator: "?")[1])), "the same right")
    }

    private func withTransport(_ body: (PresignedTransport) async throws -> Void) async throws {
        var settings = TransportSettings()
        settings.retries.firstDelay = .milliseconds(5)
        settings.retries.attempts = 3
        settings.retries.patientAttempts = 3
        let transport = try PresignedTransport(settings, allowsInsecure: false)
        do { try await body(transport) } catch { Issue.record(error) }
        await transport.close()
    }

    private func send(_ url: PresignedURL, _ arguments: String) throws -> (status: Int, body: String) {
        let script = "curl -s -m 20 -w '\\n%{http_code}' \(arguments) '\(url.url.revealed)'"
        let lines = try TestProcess.run("/bin/sh", ["-c", script]).output.split(separator: "\n").map(String.init)
        return (Int(lines.last ?? "") ?? 0, lines.dropLast().joined())
    }

    @Test(arguments: [0, 1, (20 << 20) + 123]) func anObjectOfPartsComesBack(_ size: Int) async throws {
        let (server, target) = try await store()
        defer { server.stop() }
        let key = try ObjectKey("web 1/shop=2f/2026/11/25/20261125-120000-aaaaaa.dump.zst")
        let uploadID = try await target.begin(key)
        let broker = Broker(target: target, key: key, uploadID: uploadID)
        let bytes = StoreBytes.noise(size)
        try await withTransport { transport in
            let store = try PresignedMultipartStore(target.limits, broker: broker, transport: transport)
            #expect(try await store.put(key, from: StoreBytes.stream(bytes), sizeHint: nil) == UInt64(size))
            #expect(try await StoreBytes.read(key, from: store) == bytes)
            guard size > 1000 else { return }
            var part: [UInt8] = []
            for try await block in try await store.get(key, range: 500..<1000).bytes { block.withBytes { part += $0 } }
            #expect(part == Array(bytes[500..<1000]))
        }
        #expect(try await target.objects.info(key)?.size == UInt64(size))
        #expect(try await target.unfinishedUploads().isEmpty)
    }

    @Test func completingTwiceIsOnceAndNothingIsWrittenOver() async throws {
        let (server, target) = try await store()
        defer { server.stop() }
        let key = try ObjectKey("a/b")
        let uploadID = try await target.begin(key)
        let part = target.part(key, uploadID, number: 1, lifetime: .seconds(600), at: Date())
        #expect(try send(part.url, "-X PUT --data-binary first").status == 200)
        #expect(try send(part.url, "-X PUT --data-binary second").status == 200, "a part may be sent again")
        let head = try send(part.url, "-X PUT --data-binary 'third!' -D -").body
        let tag = try #require(head.firstMatch(of: /(?i)etag: (".*?")/)).1
        let parts = [UploadedPartInfo(number: 1, etag: String(tag), size: 6)]
        await #expect(throws: StorageError.self) {
            _ = try await target.complete(key, uploadID, parts: [UploadedPartInfo(number: 1, etag: "\"x\"", size: 6)])
        }
        #expect(try await target.complete(key, uploadID, parts: parts) == 6)
        #expect(try await target.complete(key, uploadID, parts: parts) == 6)
        let other = target.put(key, isCreateOnly: true, lifetime: .seconds(600), at: Date())
        #expect(try send(other, "-X PUT --data-binary other").status == 412)
        #expect(try send(target.get(key, lifetime: .seconds(60), at: Date()), "").body == "third!")
        #expect(try send(part.url, "-X PUT --data-binary late").status == 404)
    }

    @Test func aURLIsGoodForOneThingAndForATime() async throws {
        let (server, target) = try await store()
        defer { server.stop() }
        let key = try ObjectKey("a/b")
        let put = target.put(key, isCreateOnly: true, lifetime: .seconds(600), at: Date())
        func changed(_ from: String, _ to: String) -> PresignedURL {
            PresignedURL(Secret(put.url.revealed.replacing(from, with: to)))
        }
        #expect(try send(put, "").status == 403, "GET with a PUT's URL")
        #expect(try send(changed("/a/b", "/a/c"), "-X PUT --data-binary x").status == 403)
        #expect(try send(changed("/a/b", "/a/../b"), "--path-as-is -X PUT --data-binary x").status == 403)
        #expect(try send(changed("Expires=1", "Expires=2"), "-X PUT --data-binary x").status == 403)
        #expect(try send(changed("Signature=", "Part=1&Signature="), "-X PUT --data-binary x").status == 403)
        #expect(try send(changed("&Signature", "&Signatur"), "-X PUT --data-binary x").status == 403)
        let old = target.put(key, isCreateOnly: true, lifetime: .seconds(5), at: Date(timeIntervalSinceNow: -10))
        let refused = try send(old, "-X PUT --data-binary x")
        #expect(refused.status == 403 && refused.body.contains("<Expires>"), "\(refused)")
        #expect(try send(put, "-X PUT -H 'Transfer-Encoding: chunked' --data-binary x").status == 411)
        #expect(try send(put, "-X PUT --data-binary x").status == 200)
    }

    @Test func anExpiredURLIsReplacedByTheAgent() async throws {
        let (server, target) = try await store()
        defer { server.stop() }
        let key = try ObjectKey("a/b")
        _ = try send(
            target.put(key, isCreateOnly: true, lifetime: .seconds(60), at: Date()), "-X PUT --data-binary abc")
        let old = target.get(key, lifetime: .seconds(1), at: Date(timeIntervalSinceNow: -10))
        try await withTransport { transport in
            let store = try PresignedGetStore(PresignedURL(old.url), transport: transport) {
                target.get(key, lifetime: .seconds(600), at: Date())
            }
            #expect(try await StoreBytes.read(key, from: store) == Array("abc".utf8))
        }
    }

    @Test func aBodyThatBreaksOffLeavesNothing() async throws {
        let (server, target) = try await store()
        defer { server.stop() }
        let key = try ObjectKey("a/b")
        let put = target.put(key, isCreateOnly: true, lifetime: .seconds(600), at: Date())
        let path = try #require(put.url.revealed.split(separator: "/", maxSplits: 2).last?.drop { $0 != "/" })
        let script = """
            import socket
            s = socket.create_connection(("127.0.0.1", \(server.port)))
            s.sendall(b"PUT \(path) HTTP/1.1\\r\\nHost: x\\r\\nContent-Length: 100\\r\\n\\r\\nabc")
            s.close()
            """
        #expect(try TestProcess.run("/usr/bin/env", ["python3", "-c", script]).status == 0)
        try await eventually("what came is removed") { server.folder.files().allSatisfy { !$0.contains(".part") } }
        #expect(try await target.objects.info(key) == nil)
        #expect(try send(put, "-X PUT --data-binary abc").status == 200)
    }

    @Test func aProfileIsTested() async throws {
        let (server, _) = try await store()
        defer { server.stop() }
        let profile = try #require(await server.store.storage(.init("profile")))
        try await server.storage.test(profile)
        let seaweed = try await SeaweedFS()
        var bucket = StorageProfile.S3(
            endpoint: seaweed.endpoint, bucket: SeaweedFS.bucket, prefix: "p", accessKeyID: SeaweedFS.accessKey)
        func other(_ secret: String) throws -> StorageProfile {
            let place = StorageService.place(ofSecretOf: .init("s3"))
            return StorageProfile(
                id: .init("s3"), name: "s3", place: .s3(bucket),
                sealedSecret: try server.keys.seal(Secret(secret), for: place), createdAt: Date())
        }
        try await server.storage.test(try other(SeaweedFS.secretKey))
        await #expect(throws: (any Error).self) { try await server.storage.test(try other("wrong")) }
        bucket.bucket = "nothing-here"
        await #expect(throws: (any Error).self) { try await server.storage.test(try other(SeaweedFS.secretKey)) }
    }
}
