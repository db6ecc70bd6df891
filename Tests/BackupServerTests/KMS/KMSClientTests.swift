import BackupControlStore
import BackupCore
import BackupStorage
import BackupTestSupport
import Foundation
import Synchronization
import Testing

@testable import BackupServer

/// What the server asks a KMS, and what it makes of its answers.
@Suite struct KMSClientTests {
    private static let arn = "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
    private static let credentials = ["AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"]

    /// The server at hand checks no signature: botocore says what it must be, token and all.
    @Test func requestsAreSignedAsAWSsOwnClientSignsThem() async throws {
        let fixture = try await KMSFixture()
        let requests = Mutex<[FaultyProxy.Request]>([])
        let proxy = try FaultyProxy(to: fixture.moto.port) { request in
            requests.withLock { $0.append(request) }
            return .none
        }
        let folder = try TemporaryFolder()
        let database = try await ControlDatabase.open(Secret(folder("control.db")))
        let environment = fixture.environment(endpoint: proxy.endpoint).merging(["AWS_SESSION_TOKEN": "a/token+1="]) {
            $1
        }
        _ = try await fixture.source(database, folder, environment).load()
        await database.close()
        let seen = requests.withLock { $0 }
        #expect(
            seen.compactMap { $0.header("x-amz-target") } == [
                "TrentService.GenerateDataKeyWithoutPlaintext", "TrentService.Decrypt",
            ])
        for request in seen {
            let headers = Dictionary(
                uniqueKeysWithValues: ["content-type", "host", "x-amz-target"].map { ($0, request.header($0) ?? "") })
            let expected = try AWSClient.authorization(
                "kms", proxy.endpoint + "/", headers: headers, date: try #require(request.header("x-amz-date")),
                body: request.body, environment: environment)
            #expect(request.header("authorization") == expected)
            #expect(request.header("x-amz-security-token") == "a/token+1=")
        }
    }

    // MARK: Failures

    private func load(_ fixture: KMSFixture, _ environment: [String: String]) async throws -> MasterKeys {
        let folder = try TemporaryFolder()
        let database = try await ControlDatabase.open(Secret(folder("control.db")))
        do {
            let keys = try await fixture.source(database, folder, environment).load()
            await database.close()
            return keys
        } catch {
            #expect(try await database.setting("master_key_kms/\(fixture.keyID)") == nil)
            #expect(!folder.files().contains { $0.hasPrefix("master.key") }, "nothing was made in its place")
            await database.close()
            throw error
        }
    }

    @Test func aKMSThatIsAwayIsAskedAgainSoManyTimes() async throws {
        let fixture = try await KMSFixture()
        let closed = "http://127.0.0.1:\(try FreePort.next())"
        let away = await #expect(throws: KMSError.self) {
            _ = try await load(fixture, fixture.environment(endpoint: closed))
        }
        #expect(away?.code == "kms.unreachable" && away?.recovery == .retry)
        let faults: [FaultyProxy.Fault] = [.reset, KMSFixture.refusal(500, "KMSInternalException"), .answer(503, "")]
        for fault in faults {
            let ill = try FaultyProxy(to: fixture.moto.port) { _ in fault }
            let error = await #expect(throws: KMSError.self) {
                _ = try await load(fixture, fixture.environment(endpoint: ill.endpoint))
            }
            #expect(error?.recovery == .retry && ill.requests.count == 6)
            let well = try FaultyProxy(to: fixture.moto.port) { $0.number < 5 ? fault : .none }
            _ = try await load(fixture, fixture.environment(endpoint: well.endpoint))
        }
    }

    @Test func whatItRefusesIsNotAskedForAgain() async throws {
        let fixture = try await KMSFixture()
        let refusals = [
            (400, "AccessDeniedException", "kms.denied"), (403, "", "kms.denied"),
            (400, "UnrecognizedClientException", "kms.bad_credentials"),
            (400, "ExpiredTokenException", "kms.bad_credentials"), (400, "DisabledException", "kms.key_unusable"),
            (400, "com.amazonaws.kms#KMSInvalidStateException", "kms.key_unusable"),
            (400, "IncorrectKeyException", "kms.foreign_key"), (400, "ValidationException", "kms.refused"),
            (301, "", "kms.refused"), (200, "", "kms.invalid_answer"),
        ]
        for (status, type, code) in refusals {
            let proxy = try FaultyProxy(to: fixture.moto.port) { _ in
                type.isEmpty ? .answer(status, "<html>") : KMSFixture.refusal(status, type)
            }
            let error = await #expect(throws: KMSError.self) {
                _ = try await load(fixture, fixture.environment(endpoint: proxy.endpoint))
            }
            #expect(error?.code == code && proxy.requests.count == 1, "\(status) \(type)")
        }
    }

    @Test func aKeyThatIsNotThere() async throws {
        let fixture = try await KMSFixture()
        let unknown = "00000000-1111-2222-3333-444444444444"
        await #expect(throws: KMSError.noSuchKey(keyID: unknown)) {
            _ = try await load(fixture, fixture.environment(keyID: unknown))
        }
    }

    @Test func itsCertificateCounts() async throws {
        let fixture = try await KMSFixture()
        let authority = try TestAuthority.shared.get()
        let sink = try await HTTPSink(certificate: (authority.certificate(.right), authority.key(.right)))
        var environment = fixture.environment(endpoint: "https://localhost:\(sink.port)")
        let error = await #expect(throws: KMSError.self) { _ = try await load(fixture, environment) }
        #expect(error?.code == "kms.tls" && error?.recovery == .userAction)
        environment["AWS_CA_BUNDLE"] = authority.file
        await #expect(throws: KMSError.invalidAnswer(operation: "GenerateDataKeyWithoutPlaintext")) {
            _ = try await load(fixture, environment)
        }
        sink.stop()
    }

    // MARK: Settings

    @Test func theRegionIsThatOfTheKey() throws {
        func endpoint(_ environment: [String: String]) throws -> String? {
            try KMSSettings(KMSSettings.variable, environment: environment.merging(Self.credentials) { $1 })?.endpoint
                .authority()
        }
        #expect(try endpoint([:]) == nil && endpoint([KMSSettings.variable: ""]) == nil)
        #expect(try endpoint([KMSSettings.variable: Self.arn]) == "kms.eu-central-1.amazonaws.com")
        #expect(
            try endpoint([KMSSettings.variable: "alias/b", "AWS_REGION": "us-west-2"]) == "kms.us-west-2.amazonaws.com")
        #expect(
            try endpoint([KMSSettings.variable: Self.arn, "BACKUPY_KMS_REGION": "cn-north-1"])
                == "kms.cn-north-1.amazonaws.com.cn")
    }

    @Test(arguments: [
        ["BACKUPY_KMS_ENDPOINT": "http://kms.test"], ["BACKUPY_KMS_ENDPOINT": "kms.test"],
        [KMSSettings.variable: "two words"], ["BACKUPY_KMS_REGION": "a/b"],
    ])
    func settingsThatCannotBeUsed(_ settings: [String: String]) {
        let environment = [KMSSettings.variable: Self.arn].merging(Self.credentials) { $1 }.merging(settings) { $1 }
        let error = #expect(throws: KMSError.self) { try KMSSettings(KMSSettings.variable, environment: environment) }
        #expect(error?.code == "kms.invalid_setting")
        #expect(throws: KMSError.noCredentials(profile: "default")) {
            try KMSSettings(KMSSettings.variable, environment: [KMSSettings.variable: Self.arn])
        }
    }

    /// As a person sees it.
    @Test func aServerWhoseKMSDeniesSaysSoAndEnds() async throws {
        let fixture = try await KMSFixture()
        let proxy = try FaultyProxy(to: fixture.moto.port) { _ in KMSFixture.refusal(400, "AccessDeniedException") }
        let folder = try TemporaryFolder()
        let outcome = try TestProcess.run(
            try TestTools.product("backupy-server"), ["--listen", "127.0.0.1:0", "--data-dir", folder("data")],
            environment: fixture.environment(endpoint: proxy.endpoint))
        #expect(outcome.status == 1)
        #expect(
            outcome.errors == """
                error: the KMS denies GenerateDataKeyWithoutPlaintext with key \(fixture.keyID)
                  allow kms:GenerateDataKeyWithoutPlaintext and kms:Decrypt, in the key's policy and in that of whose credentials these are

                """)
    }
}
