import BackupControlStore
import BackupCore
import BackupStorage
import BackupTestSupport
import Foundation
import Logging

@testable import BackupServer

/// A KMS with one key, and what a server over it is started with.
struct KMSFixture {
    let moto: MotoServer
    let keyID: String

    init() async throws {
        moto = try await MotoServer()
        keyID = try Self.makeKey(moto)
    }

    static func makeKey(_ moto: MotoServer) throws -> String {
        let answer = try moto.call("kms", "create_key", [:])
        guard let key = (answer["KeyMetadata"] as? [String: Any])?["KeyId"] as? String else {
            throw TestFailure("no key: \(answer)")
        }
        return key
    }

    /// - Parameter endpoint: nil for the KMS itself.
    func environment(
        _ variable: String = KMSSettings.variable, keyID: String? = nil, endpoint: String? = nil
    ) -> [String: String] {
        moto.environment.merging([
            variable: keyID ?? self.keyID, "BACKUPY_KMS_ENDPOINT": endpoint ?? moto.endpoint,
        ]) { $1 }
    }

    func source(
        _ database: ControlDatabase, _ folder: TemporaryFolder, _ environment: [String: String]? = nil
    ) -> MasterKeySource {
        var source = MasterKeySource(
            dataDirectory: folder.path, environment: environment ?? self.environment(), database: database,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        source.retries.firstDelay = .milliseconds(5)
        source.retries.largestDelay = .milliseconds(20)
        return source
    }

    /// What a KMS says where it refuses.
    static func refusal(_ status: Int, _ code: String) -> FaultyProxy.Fault {
        .answer(status, #"{"__type":"\#(code)","message":"no"}"#)
    }
}
