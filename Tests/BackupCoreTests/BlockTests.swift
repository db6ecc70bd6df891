import BackupCore
import Testing

@Suite struct BlockTests {
    private func bytes(_ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) } }

    @Test(arguments: [0, 1, 15, 16, 17, 32, 1000])
    func aWriterPassesOnWhatWasWritten(_ count: Int) throws {
        let input = bytes(count)
        var output: [UInt8] = []
        var sizes: [Int] = []
        var writer = BlockWriter(blockSize: 16) { block in
            sizes.append(block.count)
            block.withBytes { output.append(contentsOf: $0) }
        }
        try writer.write(input)
        try writer.flush()
        #expect(output == input)
        #expect(writer.bytesWritten == UInt64(count))
        #expect(sizes.dropLast().allSatisfy { $0 == 16 })
        #expect(sizes.allSatisfy { $0 > 0 })
    }

    @Test func aWriterGivesSpaceInOnePiece() throws {
        var sizes: [Int] = []
        var writer = BlockWriter(blockSize: 16) { sizes.append($0.count) }
        try writer.write([1, 2, 3])
        try writer.withSpace(atLeast: 14) { space in
            #expect(space.count >= 14)
            return 14
        }
        try writer.flush()
        #expect(sizes == [3, 14])
    }

    @Test func aBlockNeverTakesMoreThanItHolds() {
        let block = ByteBlock(capacity: 4)
        #expect(bytes(10).withUnsafeBytes { block.append($0) } == 4)
        block.fill { _ in 100 }
        #expect(block.count == 4)
    }

    @Test func aPoolIsTheBound() async throws {
        let pool = BlockPool(blockSize: 8, count: 2)
        let first = try pool.take()
        var second: ByteBlock? = try pool.take()
        let third = Task { try await BlockingThread.run("waits") { try pool.take().capacity } }
        second = nil
        #expect(try await third.value == 8)
        #expect(second == nil)
        #expect(first.capacity == 8)
    }

    @Test func aClosedPoolLetsItsWaitersGo() async throws {
        let pool = BlockPool(blockSize: 8, count: 1)
        let only = try pool.take()
        let waiter = Task { try await BlockingThread.run("waits") { try pool.take() } }
        pool.close()
        await #expect(throws: CancellationError.self) { try await waiter.value }
        #expect(throws: CancellationError.self) { try pool.take() }
        #expect(only.isEmpty)
    }
}
