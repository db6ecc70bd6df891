import BackupCore
import BackupTestSupport
import Foundation
import Synchronization
import Testing

@testable import BackupStorage

@Suite struct PartTests {
    private static func capacity(_ plan: PartPlan) -> UInt64 {
        (1...PartPlan.largestCount).reduce(0) { $0 + UInt64(plan.size(of: $1)) }
    }

    @Test func partsAreOfASizeThatS3TakesAndLeaveRoomForTheNext() {
        for plan in [PartPlan(sizeHint: nil), PartPlan(sizeHint: 1), PartPlan(sizeHint: 1 << 40)] {
            let sizes = (1...PartPlan.largestCount).map { plan.size(of: $0) }
            #expect(sizes.allSatisfy { $0 >= 5 << 20 && $0 + PartReader.bufferSize < PartPlan.memory })
            #expect(sizes == sizes.sorted())
        }
        // As README and docs/engines.md have it.
        #expect(Self.capacity(PartPlan(sizeHint: nil)) >> 30 == 138)
        #expect(Self.capacity(PartPlan(sizeHint: PartPlan.large)) == PartPlan.largestObject)
        #expect(PartPlan.largestObject >> 30 == 156)
    }

    @Test func whatCanNotFitIsRefusedBeforeAnythingIsRead() async throws {
        let proxy = try FaultyProxy(to: 1) { _ in .reset }
        let settings = S3Settings(
            credentials: S3Credentials(accessKeyID: "a", secretAccessKey: Secret("b")), region: "us-east-1",
            endpoint: try S3Endpoint(proxy.endpoint))
        let store = try S3Store(bucket: "bucket", prefix: "", settings: settings)
        let source = CountedStream(bytes: 1 << 20)
        await #expect {
            try await store.put(try ObjectKey("x"), from: source, sizeHint: 100 << 40)
        } throws: { ($0 as? StorageError)?.code == "storage.too_large" }
        #expect(proxy.requests.isEmpty && source.pulled == 0)
        await store.close()
    }

    /// The store holds the first of two large parts back: the second one is filled meanwhile, as far as the memory goes.
    @Test func aLargePartIsFilledWhileTheOneBeforeIsOnItsWay() async throws {
        let server = try await SeaweedFS()
        let source = CountedStream(bytes: 40 << 20)
        let overlap = Mutex(0)
        let proxy = try FaultyProxy(to: server.port) { request in
            guard request.line.contains("partNumber=1") else { return .none }
            let end = ContinuousClock.now + .seconds(20)
            while source.pulled < 22 << 20, .now < end { usleep(1000) }
            // Give it the time to take more than it may.
            usleep(200_000)
            overlap.withLock { $0 = source.pulled }
            return .none
        }
        let store = try S3Store.test(server, endpoint: proxy.endpoint, prefix: "large")
        let key = try ObjectKey("object")
        #expect(try await store.put(key, from: source, sizeHint: PartPlan.large) == 40 << 20)
        #expect(try await store.info(key)?.size == 40 << 20)
        #expect((22 << 20...24 << 20).contains(overlap.withLock { $0 }), "\(overlap.withLock { $0 })")
        await store.close()
    }
}

/// Blocks that are counted when they are pulled.
private final class CountedStream: AsyncSequence, Sendable {
    typealias Element = ByteBlock
    typealias Failure = any Error

    private let bytes: Int
    private let count = Mutex(0)
    var pulled: Int { count.withLock { $0 } }

    init(bytes: Int) { self.bytes = bytes }

    func makeAsyncIterator() -> Iterator { Iterator(stream: self) }

    struct Iterator: AsyncIteratorProtocol {
        let stream: CountedStream

        func next() async throws -> ByteBlock? {
            let isAtEnd = stream.count.withLock { count in
                guard count < stream.bytes else { return true }
                count += 1 << 20
                return false
            }
            return isAtEnd ? nil : ByteBlock(repeatElement(7, count: 1 << 20))
        }

        func next(isolation actor: isolated (any Actor)?) async throws -> ByteBlock? { try await next() }
    }
}
