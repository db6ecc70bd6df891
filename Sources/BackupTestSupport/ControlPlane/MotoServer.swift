internal import Foundation

/// AWS's APIs of a test's own, as moto plays them: it keeps keys and wraps with them, and checks no signature.
package final class MotoServer: Sendable {
    package let port: Int
    package var endpoint: String { "http://127.0.0.1:\(port)" }
    private let folder: TemporaryFolder
    private let process: TestProcess

    package init() async throws {
        folder = try TemporaryFolder()
        port = try FreePort.next()
        process = try TestProcess(
            try TestTools.path("moto_server"), ["-H", "127.0.0.1", "-p", "\(port)"], log: folder("log"))
        try await process.waitForPort(port)
    }

    /// For commands that take AWS's variables.
    package var environment: [String: String] {
        [
            "AWS_ACCESS_KEY_ID": "test-access-key", "AWS_SECRET_ACCESS_KEY": "test-secret-key",
            "AWS_REGION": "us-east-1",
        ]
    }

    /// - Parameter arguments: as ``AWSClient/call(_:_:_:endpoint:environment:)``.
    package func call(_ service: String, _ operation: String, _ arguments: [String: Any]) throws -> [String: Any] {
        let text = String(decoding: try JSONSerialization.data(withJSONObject: arguments), as: UTF8.self)
        let answer = try AWSClient.call(service, operation, text, endpoint: endpoint, environment: environment)
        return try JSONSerialization.jsonObject(with: Data(answer.utf8)) as? [String: Any] ?? [:]
    }
}
