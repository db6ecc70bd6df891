import BackupCore
import BackupStorage
import BackupTestSupport
import Synchronization
import Testing

@Suite struct ChecksumTests {
    /// AWS refuses what comes without a checksum into a bucket that locks everything; the server at hand does not, so the proxy does it.
    @Test func whereAChecksumIsWantedItIsSent() async throws {
        let server = try await SeaweedFS()
        let refused = Mutex(0)
        let proxy = try FaultyProxy(to: server.port) { request in
            guard request.line.hasPrefix("PUT "), request.header("content-md5") == nil else { return .none }
            refused.withLock { $0 += 1 }
            return .answer(400, "<Error><Code>InvalidRequest</Code></Error>")
        }
        let folder = try TemporaryFolder()
        let direct = try S3Store.test(server, endpoint: proxy.endpoint)
        let parts = try PresignedTransport(allowsInsecure: false)
        let onePut = try PresignedTransport(allowsInsecure: false)
        let spool = SpoolSettings(directory: folder.path)
        let stores: [any ObjectStore] = [
            direct, PresignedStores(.parts, direct: direct, transport: parts, spool: spool),
            PresignedStores(.onePut, direct: direct, transport: onePut, spool: spool),
        ]
        for (number, store) in stores.enumerated() {
            for size in [10, 20 << 20] {
                let key = try ObjectKey("md5-\(number)-\(size)")
                let bytes = StoreBytes.noise(size)
                _ = try await store.put(key, from: StoreBytes.stream(bytes), sizeHint: nil)
                #expect(try await StoreBytes.read(key, from: direct) == bytes)
            }
            #expect(refused.withLock { $0 } == number + 1, "the first, and whatever came after it knew")
        }
        for transport in [parts, onePut] { await transport.close() }
        await direct.close()
    }
}
