import BackupCore
import BackupStorage
import BackupTestSupport
import Foundation
import Synchronization
import Testing

/// Presigned URLs behind a bad network: success after retries, or a clear error; never half an object.
@Suite struct PresignedFaultTests {
    static let faults: [(String, FaultyProxy.Fault)] = [
        ("503", .answer(503, "<Error><Code>SlowDown</Code></Error>")), ("500", .answer(500, "")), ("reset", .reset),
        ("lost answer", .loseAnswer), ("cut answer", .cutBody(0)), ("silence", .stall),
    ]

    @Test(arguments: PresignedStores.Way.allCases)
    func everyRequestFailsOnceInEveryWay(_ way: PresignedStores.Way) async throws {
        let server = try await SeaweedFS()
        let folder = try TemporaryFolder()
        let direct = try S3Store.test(server)
        let transport = try PresignedTests.transport(stallTimeout: .milliseconds(700))
        for (name, fault) in Self.faults {
            var number = 0
            var isBeyondTheEnd = false
            while !isBeyondTheEnd {
                let failing = number
                let proxy = try FaultyProxy(to: server.port) { $0.number == failing ? fault : .none }
                let signer = try S3Store.test(server, endpoint: proxy.endpoint)
                let key = try ObjectKey("\(name)/\(number)")
                let size = try await put(
                    way, key, PresignedTests.large, direct: direct, signer: signer, transport: transport, folder)
                #expect(size == UInt64(PresignedTests.large.count), "\(name) at request \(number)")
                isBeyondTheEnd = proxy.requests.count <= failing
                #expect(
                    try await StoreBytes.read(key, from: direct) == PresignedTests.large, "\(name) at request \(number)"
                )
                #expect(try await direct.unfinishedUploads().isEmpty, "\(name) at request \(number)")
                try await direct.delete(key)
                await signer.close()
                number += 1
            }
            #expect(number > (way == .parts ? 4 : 1), "as many requests as an upload has")
        }
        #expect(folder.files() == [])
        await direct.close()
        await transport.close()
    }

    private func put(
        _ way: PresignedStores.Way, _ key: ObjectKey, _ bytes: [UInt8], direct: S3Store, signer: S3Store,
        transport: PresignedTransport, _ folder: TemporaryFolder
    ) async throws -> UInt64 {
        switch way {
        case .parts:
            let broker = try await DirectBroker(direct, signer: signer, key: key)
            return try await PresignedMultipartStore(.s3, broker: broker, transport: transport)
                .put(key, from: StoreBytes.stream(bytes), sizeHint: nil)
        case .onePut:
            let url = signer.presignedPut(key, lifetime: .seconds(600), at: Date())
            return try await PresignedPutStore(
                url, spool: SpoolSettings(directory: folder.path), transport: transport
            ).put(key, from: StoreBytes.stream(bytes), sizeHint: nil)
        }
    }

    @Test func onlyThePartThatFailedIsSentAgain() async throws {
        let server = try await SeaweedFS()
        let direct = try S3Store.test(server)
        let hasFailed = Mutex(false)
        let proxy = try FaultyProxy(to: server.port) { request in
            guard request.line.contains("partNumber=2&") else { return .none }
            return hasFailed.withLock { hasFailed in
                defer { hasFailed = true }
                return hasFailed ? .none : .reset
            }
        }
        let signer = try S3Store.test(server, endpoint: proxy.endpoint)
        let transport = try PresignedTests.transport()
        let broker = try await DirectBroker(direct, signer: signer, key: PresignedTests.key)
        let store = try PresignedMultipartStore(.s3, broker: broker, transport: transport)
        _ = try await store.put(PresignedTests.key, from: StoreBytes.stream(PresignedTests.large), sizeHint: nil)
        for (part, times) in [(1, 1), (2, 2), (3, 1), (4, 1)] {
            #expect(proxy.requests.filter { $0.contains("partNumber=\(part)&") }.count == times, "part \(part)")
        }
        #expect(broker.asked.completions == 1)
        for store in [direct, signer] { await store.close() }
        await transport.close()
    }

    @Test func aStoreThatStaysDownIsAClearErrorAndLeavesNothing() async throws {
        let server = try await SeaweedFS()
        let folder = try TemporaryFolder()
        let direct = try S3Store.test(server)
        let proxy = try FaultyProxy(to: server.port) { _ in .answer(503, "") }
        let signer = try S3Store.test(server, endpoint: proxy.endpoint)
        let transport = try PresignedTests.transport()
        for (way, code) in [(PresignedStores.Way.parts, "storage.server_error"), (.onePut, "storage.upload_left")] {
            let error = await #expect(throws: StorageError.self) {
                _ = try await put(
                    way, PresignedTests.key, PresignedTests.large, direct: direct, signer: signer, transport: transport,
                    folder)
            }
            #expect(error?.code == code && error?.recovery == .retry)
            #expect(error?.message.contains("X-Amz") == false)
            #expect(try await direct.info(PresignedTests.key) == nil)
            #expect(try await direct.unfinishedUploads().isEmpty)
            #expect(folder.files() == [])
        }
        for store in [direct, signer] { await store.close() }
        await transport.close()
    }

    @Test func aBrokenDownloadGoesOnWithAnotherURL() async throws {
        let server = try await SeaweedFS()
        let direct = try S3Store.test(server)
        _ = try await direct.put(PresignedTests.key, from: StoreBytes.stream(PresignedTests.large), sizeHint: nil)
        let proxy = try FaultyProxy(to: server.port) { $0.number < 3 ? .cutBody(5_000_000) : .none }
        let signer = try S3Store.test(server, endpoint: proxy.endpoint)
        let transport = try PresignedTests.transport()
        // Each URL but the first is expired when it comes, and the one that replaces it is not.
        let broker = try await DirectBroker(
            direct, signer: signer, key: PresignedTests.key, lifetime: { $0 % 2 == 1 ? .zero : .seconds(20) })
        let store = try PresignedGetStore(nil, transport: transport) { try await broker.downloadURL() }
        #expect(try await StoreBytes.read(PresignedTests.key, from: store) == PresignedTests.large)
        #expect(broker.asked.downloads > 3)
        await broker.abort(reason: "done")
        for store in [direct, signer] { await store.close() }
        await transport.close()
    }
}
