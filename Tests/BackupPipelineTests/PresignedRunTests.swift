import BackupCore
import BackupFormat
import BackupPipeline
import BackupStorage
import BackupTestSupport
import Foundation
import Testing

/// Whole runs and restores of an agent, which has URLs and no key, against a real store.
@Suite struct PresignedRunTests {
    private static func direct(_ server: SeaweedFS) throws -> S3Store {
        let credentials = S3Credentials(
            accessKeyID: SeaweedFS.accessKey, secretAccessKey: Secret(SeaweedFS.secretKey))
        return try S3Store(
            bucket: SeaweedFS.bucket, prefix: "",
            settings: S3Settings(
                credentials: credentials, region: "us-east-1", endpoint: try S3Endpoint(server.endpoint)))
    }

    @Test func runsInEveryFormatInPartsAndInOnePut() async throws {
        let server = try await SeaweedFS()
        let folder = try TemporaryFolder()
        let direct = try Self.direct(server)
        let transport = try PresignedTransport(allowsInsecure: false)
        let dump = StoreBytes.noise((14 << 20) + 5)
        for kind in RunServiceTests.Kind.allCases {
            for inParts in [true, false] {
                var plan = try RunServiceTests.plan(kind)
                plan.objectKey = try ObjectKey("\(kind)/\(inParts)/run.dump.zst")
                plan.readBack = inParts ? .firstFrame : .all
                let key = plan.objectKey
                let read: @Sendable () async throws -> PresignedURL = {
                    direct.presignedGet(key, lifetime: .seconds(600), at: Date())
                }
                let store: any ObjectStore =
                    inParts
                    ? try PresignedMultipartStore(
                        .s3, broker: try await DirectBroker(direct, key: key), transport: transport)
                    : try PresignedPutStore(
                        direct.presignedPut(key, lifetime: .seconds(600), at: Date()),
                        spool: SpoolSettings(directory: folder.path), transport: transport, download: read)
                let outcome = try await RunServiceTests.run(plan, dump, to: store)
                #expect(try await direct.info(key)?.size == outcome.storedSize)

                let target = FakeDriver([])
                let source = try PresignedGetStore(try await read(), transport: transport, another: read)
                _ = try await RestoreRun(driver: target, store: source, progress: Progress())
                    .run(RunServiceTests.description(plan, kind, outcome), options: RestoreOptions())
                #expect(target.contents == dump, "\(kind), in parts: \(inParts)")
            }
        }
        #expect(try await direct.unfinishedUploads().isEmpty && folder.files() == [])
        await transport.close()
        await direct.close()
    }

    @Test func aDumpThatFailsLeavesNothingInTheStore() async throws {
        let server = try await SeaweedFS()
        let direct = try Self.direct(server)
        let transport = try PresignedTransport(allowsInsecure: false)
        let dump = StoreBytes.noise(14 << 20)
        for count in [0, 1 << 20, dump.count] {
            let plan = try RunServiceTests.plan(.v1)
            let broker = try await DirectBroker(direct, key: plan.objectKey)
            let store = try PresignedMultipartStore(.s3, broker: broker, transport: transport)
            await #expect(throws: FakeDriver.Failure.self) {
                try await RunService(
                    driver: FakeDriver(dump, failsAfter: count), store: store, progress: Progress()
                ).run(plan, now: Date())
            }
            #expect(broker.asked.aborts == ["failed"] && broker.asked.completions == 0)
            #expect(try await direct.unfinishedUploads().isEmpty)
            #expect(try await direct.info(plan.objectKey) == nil)
        }
        await transport.close()
        await direct.close()
    }
}
