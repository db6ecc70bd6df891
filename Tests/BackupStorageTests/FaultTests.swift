import BackupCore
@testable import BackupStorage
import BackupTestSupport
import Synchronization
import Testing

/// S3 behind a bad network: success after retries, or a clear error; never half an object, never a forgotten upload.
@Suite struct FaultTests {
    static let large = StoreBytes.noise((20 << 20) + 123)
    static let small = StoreBytes.noise(1000)

    @Test func everyRequestFailsOnceInEveryWay() async throws {
        let server = try await SeaweedFS()
        let faults: [(String, FaultyProxy.Fault)] = [
            ("503", .answer(503, "<Error><Code>SlowDown</Code></Error>")), ("500", .answer(500, "")), ("reset", .reset),
            ("lost answer", .loseAnswer), ("cut answer", .cutBody(0)),
        ]
        for (name, fault) in faults {
            for bytes in [Self.large, Self.small] {
                var number = 0
                var isBeyondTheEnd = false
                while !isBeyondTheEnd {
                    let failing = number
                    let proxy = try FaultyProxy(to: server.port) { $0.number == failing ? fault : .none }
                    let store = try S3Store.test(
                        server, endpoint: proxy.endpoint, prefix: "\(name)-\(bytes.count)-\(number)")
                    let key = try ObjectKey("object")
                    let size = try await store.put(key, from: StoreBytes.stream(bytes), sizeHint: nil)
                    #expect(size == UInt64(bytes.count), "\(name) at request \(number)")
                    isBeyondTheEnd = proxy.requests.count <= failing
                    let direct = try S3Store.test(server, prefix: "\(name)-\(bytes.count)-\(number)")
                    #expect(try await StoreBytes.read(key, from: direct) == bytes, "\(name) at request \(number)")
                    #expect(try await direct.unfinishedUploads().isEmpty, "\(name) at request \(number)")
                    try await direct.delete(key)
                    await direct.close()
                    await store.close()
                    number += 1
                }
                #expect(number >= (bytes.count > 1 << 20 ? 5 : 1), "as many requests as an upload has")
            }
        }
    }

    /// Once the store has answered, an outage of many attempts is waited for; before, it is an address that is wrong.
    @Test func anOutageInTheMiddleOfAnUploadIsWaitedFor() async throws {
        let server = try await SeaweedFS()
        let failures = Mutex(0)
        let proxy = try FaultyProxy(to: server.port) { request in
            guard request.line.contains("partNumber=2") else { return .none }
            return failures.withLock {
                $0 += 1
                return $0
            } < 15 ? .reset : .none
        }
        let store = try S3Store.test(server, endpoint: proxy.endpoint, prefix: "outage")
        let key = try ObjectKey("object")
        _ = try await store.put(key, from: StoreBytes.stream(Self.large), sizeHint: nil)
        #expect(try await StoreBytes.read(key, from: store) == Self.large)
        await store.close()

        let dead = try FaultyProxy(to: server.port) { _ in .reset }
        let never = try S3Store.test(server, endpoint: dead.endpoint, prefix: "outage")
        await #expect(throws: StorageError.self) { try await never.info(key) }
        #expect(dead.requests.count == 6)
        await never.close()
    }

    /// The shortest waits are long enough for an outage of 2 minutes, and the longest have an end.
    @Test func waitsAreMinutesAndHaveAnEnd() {
        let policy = RetryPolicy()
        let waits = (1..<policy.patientAttempts).map { attempt in
            (0..<100).map { _ in policy.delay(after: attempt) }
        }
        #expect(waits.reduce(.zero) { $0 + ($1.min() ?? .zero) } >= .seconds(120))
        #expect(waits.reduce(.zero) { $0 + ($1.max() ?? .zero) } <= .seconds(300))
        #expect(waits.allSatisfy { $0.allSatisfy { $0 <= .seconds(20) } })
        #expect(waits.allSatisfy { Set($0).count > 1 })
    }

    @Test func aStoreThatStaysDownIsAClearErrorAndLeavesNothing() async throws {
        let server = try await SeaweedFS()
        for isDown in ["partNumber=2", "partNumber=3", "uploadId="] {
            let proxy = try FaultyProxy(to: server.port) { request in
                let isAbort = request.line.hasPrefix("DELETE")
                return request.line.contains(isDown) && !isAbort ? .answer(503, "") : .none
            }
            let store = try S3Store.test(server, endpoint: proxy.endpoint, prefix: "down")
            let key = try ObjectKey("object")
            await #expect { try await store.put(key, from: StoreBytes.stream(Self.large), sizeHint: nil) } throws: {
                error in
                (error as? StorageError)?.code == "storage.server_error"
            }
            #expect(try await store.info(key) == nil)
            #expect(try await store.unfinishedUploads().isEmpty)
            await store.close()
        }
    }

    /// The store has the object, and every answer that would say so is lost.
    @Test func anObjectWhoseAnswersAreLostIsTakenAway() async throws {
        let server = try await SeaweedFS()
        for bytes in [Self.small, Self.large] {
            let proxy = try FaultyProxy(to: server.port) { request in
                let commits =
                    ["PUT", "POST"].contains { request.line.hasPrefix($0) }
                    && !request.line.contains("partNumber=") && !request.line.contains("uploads")
                return commits ? .loseAnswer : .none
            }
            let store = try S3Store.test(server, endpoint: proxy.endpoint, prefix: "lost-\(bytes.count)")
            let key = try ObjectKey("object")
            await #expect { try await store.put(key, from: StoreBytes.stream(bytes), sizeHint: nil) } throws: {
                ($0 as? StorageError)?.code == "storage.connection_lost"
            }
            #expect(proxy.requests.contains { $0.hasPrefix("DELETE") && !$0.contains("uploadId") })
            #expect(try await store.info(key) == nil)
            #expect(try await store.unfinishedUploads().isEmpty)
            await store.close()
        }
    }

    /// The store completes the upload, its answer is lost, and the next attempt hears that there is no such upload.
    @Test func aCompletionWhoseAnswerIsLostIsNotUndone() async throws {
        let server = try await SeaweedFS()
        let completions = Mutex(0)
        let proxy = try FaultyProxy(to: server.port) { request in
            guard request.line.hasPrefix("POST"), !request.line.contains("?uploads") else { return .none }
            switch completions.withLock({
                $0 += 1; return $0
            }) {
            case 1: return .loseAnswer
            default: return .answer(404, "<Error><Code>NoSuchUpload</Code></Error>")
            }
        }
        let store = try S3Store.test(server, endpoint: proxy.endpoint, prefix: "completed")
        let key = try ObjectKey("object")
        #expect(
            try await store.put(key, from: StoreBytes.stream(Self.large), sizeHint: nil) == UInt64(Self.large.count))
        #expect(try await StoreBytes.read(key, from: store) == Self.large)
        #expect(completions.withLock { $0 } == 2)
        #expect(!proxy.requests.contains { $0.hasPrefix("DELETE") })
        await store.close()
    }

    /// Nobody has completed it: the upload is gone, and no object is there.
    @Test func anUploadThatVanishedIsAnError() async throws {
        let server = try await SeaweedFS()
        let proxy = try FaultyProxy(to: server.port) { request in
            request.line.hasPrefix("POST") && !request.line.contains("?uploads")
                ? .answer(404, "<Error><Code>NoSuchUpload</Code></Error>") : .none
        }
        let store = try S3Store.test(server, endpoint: proxy.endpoint, prefix: "vanished")
        await #expect {
            try await store.put(try ObjectKey("x"), from: StoreBytes.stream(Self.large), sizeHint: nil)
        } throws: { ($0 as? StorageError)?.code == "storage.refused" }
        #expect(try await StoreBytes.keys(of: store).isEmpty)
        #expect(try await store.unfinishedUploads().isEmpty)
        await store.close()
    }

    /// S3 sends the status of a completion before it knows how it ends.
    @Test func aCompletionThatFailsBehindAGoodStatusIsTriedAgain() async throws {
        let server = try await SeaweedFS()
        let completions = Mutex(0)
        let proxy = try FaultyProxy(to: server.port) { request in
            guard request.line.hasPrefix("POST"), !request.line.contains("?uploads") else { return .none }
            let number = completions.withLock {
                $0 += 1; return $0
            }
            return number == 1 ? .answer(200, " \n<Error><Code>InternalError</Code></Error>") : .none
        }
        let store = try S3Store.test(server, endpoint: proxy.endpoint, prefix: "behind-200")
        let key = try ObjectKey("object")
        _ = try await store.put(key, from: StoreBytes.stream(Self.large), sizeHint: nil)
        #expect(try await StoreBytes.read(key, from: store) == Self.large)
        #expect(completions.withLock { $0 } == 2)
        await store.close()
    }

    /// A server that knows no conditions says so only after an attempt was lost.
    @Test func aServerWithoutConditionsIsUnderstoodAfterALostAttempt() async throws {
        let server = try await SeaweedFS()
        for bytes in [Self.small, Self.large] {
            let commits = Mutex(0)
            let proxy = try FaultyProxy(to: server.port) { request in
                let isCommit =
                    ["PUT", "POST"].contains { request.line.hasPrefix($0) }
                    && !request.line.contains("partNumber=") && !request.line.contains("?uploads")
                guard isCommit else { return .none }
                switch commits.withLock({
                    $0 += 1; return $0
                }) {
                case 1: return .reset
                case 2: return .answer(501, "<Error><Code>NotImplemented</Code></Error>")
                default: return .none
                }
            }
            let store = try S3Store.test(server, endpoint: proxy.endpoint, prefix: "no-conditions-\(bytes.count)")
            let key = try ObjectKey("object")
            _ = try await store.put(key, from: StoreBytes.stream(bytes), sizeHint: nil)
            #expect(try await StoreBytes.read(key, from: store) == bytes)
            await store.close()
        }
    }

    @Test func anUploadThatCanNotBeAbortedIsNamed() async throws {
        let server = try await SeaweedFS()
        let proxy = try FaultyProxy(to: server.port) { request in
            request.line.contains("partNumber=2") || request.line.hasPrefix("DELETE") ? .answer(503, "") : .none
        }
        let store = try S3Store.test(server, endpoint: proxy.endpoint, prefix: "left")
        let direct = try S3Store.test(server, prefix: "left")
        await #expect {
            try await store.put(try ObjectKey("x"), from: StoreBytes.stream(Self.large), sizeHint: nil)
        } throws: { error in
            (error as? StorageError)?.code == "storage.upload_left"
        }
        #expect(try await direct.unfinishedUploads().count == 1)
        await store.close()
        await direct.close()
    }

    /// A key without the right to delete can still abort, and a cancel before the completion leaves nothing.
    @Test func withoutTheRightToDeleteACancelledUploadIsStillAborted() async throws {
        let server = try await SeaweedFS()
        let proxy = try FaultyProxy(to: server.port) { request in
            let deletesObject = request.line.hasPrefix("DELETE") && !request.line.contains("uploadId")
            return deletesObject ? .answer(403, "<Error><Code>AccessDenied</Code></Error>") : .none
        }
        let store = try S3Store.test(server, endpoint: proxy.endpoint, prefix: "no-delete")
        let stream = StoreBytes.stream(Self.large, failure: CancellationError())
        await #expect(throws: CancellationError.self) {
            try await store.put(try ObjectKey("x"), from: stream, sizeHint: nil)
        }
        #expect(proxy.requests.contains { $0.hasPrefix("DELETE") && $0.contains("uploadId") })
        #expect(try await store.unfinishedUploads().isEmpty)
        await store.close()
    }

    /// Where the object may be there and can't be deleted, the error speaks of the object, not of the upload.
    @Test func anObjectThatCanNotBeTakenAwayIsNamedAsOne() async throws {
        let server = try await SeaweedFS()
        let proxy = try FaultyProxy(to: server.port) { request in
            let isUpload = request.line.contains("uploadId") || request.line.contains("?uploads")
            if request.line.hasPrefix("DELETE"), !isUpload {
                return .answer(403, "<Error><Code>AccessDenied</Code></Error>")
            }
            return request.line.hasPrefix("POST") && !request.line.contains("?uploads") ? .loseAnswer : .none
        }
        let store = try S3Store.test(server, endpoint: proxy.endpoint, prefix: "kept")
        await #expect {
            try await store.put(try ObjectKey("x"), from: StoreBytes.stream(Self.large), sizeHint: nil)
        } throws: { error in
            if case .uploadLeft(_, _, uploadID: nil, _) = error as? StorageError { true } else { false }
        }
        await store.close()
    }

    @Test func silenceIsNotWaitedForLong() async throws {
        let server = try await SeaweedFS()
        let proxy = try FaultyProxy(to: server.port) { $0.number == 1 ? .stall : .none }
        let store = try S3Store.test(
            server, endpoint: proxy.endpoint, prefix: "stall", stallTimeout: .milliseconds(500))
        let key = try ObjectKey("object")
        _ = try await store.put(key, from: StoreBytes.stream(Self.large), sizeHint: nil)
        #expect(try await StoreBytes.read(key, from: store) == Self.large)
        await store.close()

        let dead = try FaultyProxy(to: server.port) { _ in .stall }
        let silent = try S3Store.test(server, endpoint: dead.endpoint, prefix: "stall", stallTimeout: .milliseconds(50))
        await #expect { try await silent.info(key) } throws: { ($0 as? StorageError)?.code == "storage.stalled" }
        await silent.close()
    }

    @Test func aBrokenDownloadGoesOnWhereItEnded() async throws {
        let server = try await SeaweedFS()
        let direct = try S3Store.test(server, prefix: "resume")
        let key = try ObjectKey("object")
        _ = try await direct.put(key, from: StoreBytes.stream(Self.large), sizeHint: nil)
        let proxy = try FaultyProxy(to: server.port) { $0.number < 3 ? .cutBody(5_000_000) : .none }
        let store = try S3Store.test(server, endpoint: proxy.endpoint, prefix: "resume")
        #expect(try await StoreBytes.read(key, from: store) == Self.large)
        #expect(proxy.requests.count == 4)
        let cutting = try FaultyProxy(to: server.port) { _ in .cutBody(0) }
        let never = try S3Store.test(server, endpoint: cutting.endpoint, prefix: "resume")
        await #expect { try await StoreBytes.read(key, from: never) } throws: {
            ($0 as? StorageError)?.recovery == .retry
        }
        for store in [direct, store, never] { await store.close() }
    }

    @Test func aSlowStoreTakesItsTime() async throws {
        let server = try await SeaweedFS()
        let proxy = try FaultyProxy(to: server.port) { _ in .slow(40 << 20) }
        let store = try S3Store.test(server, endpoint: proxy.endpoint, prefix: "slow")
        let key = try ObjectKey("object")
        _ = try await store.put(key, from: StoreBytes.stream(Self.large), sizeHint: nil)
        #expect(try await StoreBytes.read(key, from: store) == Self.large)
        await store.close()
    }
}
