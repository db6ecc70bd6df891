import BackupCore
import BackupStorage
import BackupTestSupport
import Foundation
import Testing

/// The way to a store that an HTTP proxy leads to, under an authority that the system doesn't know.
@Suite struct ProxyTests {
    private static let content = StoreBytes.noise(100_000)

    /// `backups.test` is a name that only the proxy can resolve.
    @Test func presignedTransfersGoThroughTheProxyButForItsExceptions() async throws {
        let authority = try TestAuthority.shared.get()
        let server = try await SeaweedFS(tls: authority)
        let proxy = try await TestProxy(authorization: "Basic dTpwQHNz")
        var settings = TransportSettings()
        settings.additionalCAFile = authority.file
        settings.proxy = TransportProxy(host: "127.0.0.1", port: proxy.port, credentials: Secret("u:p@ss")) { host, _ in
            host != "localhost"
        }
        let transport = try PresignedTransport(settings, allowsInsecure: false)
        for host in ["backups.test", "localhost"] {
            let port = try #require(server.tlsPort)
            let direct = try S3Store.test(server, endpoint: "https://\(host):\(port)", prefix: host)
            let key = try ObjectKey("object")
            let folder = try TemporaryFolder()
            let put = try PresignedPutStore(
                direct.presignedPut(key, lifetime: .seconds(60), at: Date()),
                spool: SpoolSettings(directory: folder.path), transport: transport)
            _ = try await put.put(key, from: StoreBytes.stream(Self.content), sizeHint: nil)
            let plain = try S3Store.test(server, prefix: host)
            #expect(try await StoreBytes.read(key, from: plain) == Self.content)
            await direct.close()
            await plain.close()
        }
        #expect(proxy.targets == ["backups.test:\(try #require(server.tlsPort))"])
        await transport.close()
    }

    @Test func aProxyThatRefusesIsNamed() async throws {
        let server = try await SeaweedFS(tls: try TestAuthority.shared.get())
        let proxy = try await TestProxy(authorization: "Basic dTpwQHNz")
        var settings = TransportSettings()
        settings.retries.attempts = 1
        settings.proxy = TransportProxy(host: "127.0.0.1", port: proxy.port, credentials: nil) { _, _ in true }
        let transport = try PresignedTransport(settings, allowsInsecure: false)
        let direct = try S3Store.test(server, endpoint: "https://backups.test:\(try #require(server.tlsPort))")
        let folder = try TemporaryFolder()
        let put = try PresignedPutStore(
            direct.presignedPut(try ObjectKey("object"), lifetime: .seconds(60), at: Date()),
            spool: SpoolSettings(directory: folder.path), transport: transport)
        let error = await #expect(throws: StorageError.self) {
            _ = try await put.put(try ObjectKey("object"), from: StoreBytes.stream(Self.content), sizeHint: nil)
        }
        #expect(error?.message.contains("the proxy asks for a user and a password") == true)
        await direct.close()
        await transport.close()
    }
}
