internal import Foundation

/// A real S3 server of a test's own, which checks signatures, create-only conditions and credentials.
package final class SeaweedFS: Sendable {
    package static let accessKey = "test-access-key"
    package static let secretKey = "test-secret-key"
    package static let bucket = "backups"

    package let port: Int
    /// Where it answers over TLS, as `localhost` and `backups.test` (``TestAuthority/Certificate/right``).
    package let tlsPort: Int?
    package var endpoint: String { "http://127.0.0.1:\(port)" }
    private let folder: TemporaryFolder
    private let process: TestProcess

    package init(tls authority: TestAuthority? = nil) async throws {
        folder = try TemporaryFolder()
        tlsPort = try authority.map { _ in try FreePort.next() }
        let ports = try (0..<9).map { _ in try FreePort.next() }
        port = ports[0]
        let names = [
            "s3.port", "s3.port.grpc", "master.port", "master.port.grpc", "volume.port", "volume.port.grpc",
            "filer.port",
            "filer.port.grpc", "admin.port",
        ]
        try FileManager.default.createDirectory(atPath: folder("data"), withIntermediateDirectories: false)
        let arguments =
            [
                "mini", "-dir=\(folder("data"))", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-master.telemetry=false",
                "-admin.ui=false",
                "-webdav=false", "-s3.port.iceberg=0", "-s3.port.lance=0", "-s3.autoCreateBucket=false",
                "-bucket=\(Self.bucket)",
            ] + zip(names, ports).map { "-\($0)=\($1)" } + Self.tls(authority, tlsPort)
        process = try TestProcess(
            try TestTools.path("weed"), arguments,
            environment: [
                "AWS_ACCESS_KEY_ID": Self.accessKey, "AWS_SECRET_ACCESS_KEY": Self.secretKey, "GOMEMLIMIT": "500MiB",
                "GOGC": "50",
            ], log: folder("log"))
        try await process.waitForPort(port)
        // The server answers before it knows its keys and has made its bucket.
        let rclone = try TestTools.path("rclone")
        let remote = ":s3,provider=Other,env_auth=true,endpoint=\"\(endpoint)\":\(Self.bucket)"
        let variables = environment
        try await eventually("the bucket is there", within: .seconds(60)) { [process] in
            guard process.isRunning else { throw TestFailure("weed ended: \(process.words.suffix(2000))") }
            return try TestProcess.run(
                rclone, ["--config", "", "--retries", "1", "--low-level-retries", "1", "lsf", remote],
                environment: variables
            ).status == 0
        }
    }

    private static func tls(_ authority: TestAuthority?, _ port: Int?) -> [String] {
        guard let authority, let port else { return [] }
        return [
            "-s3.port.https=\(port)", "-s3.cert.file=\(authority.certificate(.right))",
            "-s3.key.file=\(authority.key(.right))",
        ]
    }

    /// For commands that take AWS's variables.
    package var environment: [String: String] {
        [
            "AWS_ACCESS_KEY_ID": Self.accessKey, "AWS_SECRET_ACCESS_KEY": Self.secretKey, "AWS_REGION": "us-east-1",
            "AWS_ENDPOINT_URL": endpoint,
        ]
    }

    /// Removes the bucket with all that is in it.
    package func removeBucket() throws {
        let remote = ":s3,provider=Other,env_auth=true,endpoint=\"\(endpoint)\":\(Self.bucket)"
        let outcome = try TestProcess.run(
            try TestTools.path("rclone"), ["--config", "", "purge", remote], environment: environment)
        guard outcome.status == 0 else { throw TestFailure("rclone purge: \(outcome.errors)") }
    }
}
