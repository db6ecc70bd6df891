import BackupCore
import Testing

@testable import BackupPipeline

@Suite(.timeLimit(.minutes(1))) struct BlockQueueTests {
    private func block(_ value: UInt8) -> ByteBlock { ByteBlock([value]) }
    private func value(_ block: ByteBlock?) -> UInt8? { block?.withBytes { $0[0] } }

    @Test func threadToThread() async throws {
        let queue = BlockQueue(capacity: 2)
        async let producing: Void = BlockingThread.run("producer") {
            for value in 0..<200 { try queue.push(ByteBlock([UInt8(value)])) }
            queue.finish()
        }
        let received = try await BlockingThread.run("consumer") {
            var received: [UInt8] = []
            while let block = try queue.pop() { received.append(block.withBytes { $0[0] }) }
            return received
        }
        try await producing
        #expect(received == (0..<200).map { UInt8($0) })
    }

    @Test func taskToThreadAndBack() async throws {
        let down = BlockQueue(capacity: 1)
        let up = BlockQueue(capacity: 1)
        async let echo: Void = BlockingThread.run("echo") {
            while let block = try down.pop() { try up.push(block) }
            up.finish()
        }
        async let producing: Void = {
            for value in 0..<100 { try await down.push(ByteBlock([UInt8(value)])) }
            down.finish()
        }()
        var received: [UInt8] = []
        while let block = try await up.pop() { received.append(block.withBytes { $0[0] }) }
        try await producing
        try await echo
        #expect(received == (0..<100).map { UInt8($0) })
    }

    @Test func anErrorArrivesBehindTheBlocks() async throws {
        let queue = BlockQueue(capacity: 4)
        try await queue.push(block(1))
        queue.finish(.failure(CoreError.invalidBackupID("x")))
        queue.finish()
        #expect(value(try await queue.pop()) == 1)
        await #expect(throws: CoreError.self) { try await queue.pop() }
    }

    @Test func closingWakesBothSides() async throws {
        let queue = BlockQueue(capacity: 1)
        try await queue.push(block(1))
        let pushing = Task { try await BlockingThread.run("pushes") { try queue.push(ByteBlock([2])) } }
        queue.close()
        await #expect(throws: CancellationError.self) { try await pushing.value }
        await #expect(throws: CancellationError.self) { try await queue.pop() }
    }

    @Test func cancellingATaskThatWaitsEndsItsWait() async throws {
        let queue = BlockQueue(capacity: 1)
        let waiting = Task { try await queue.pop() }
        waiting.cancel()
        await #expect(throws: CancellationError.self) { try await waiting.value }
        #expect(throws: CancellationError.self) { try queue.push(block(1)) }
    }
}
