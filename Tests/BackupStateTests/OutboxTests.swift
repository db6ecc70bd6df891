import BackupCore
import BackupState
import BackupTestSupport
import Testing

@Suite struct OutboxTests {
    @Test func numbersRiseAndAreNeverGivenTwice() async throws {
        let folder = try TemporaryFolder()
        let first = try await withState(folder("state")) { store in
            let id = try #require(await store.append([1]))
            try await store.remove(id)
            try await store.remove(id)
            return id
        }
        try await withState(folder("state")) { store in
            let second = try #require(await store.append([2], priority: .low))
            let third = try #require(await store.append([3]))
            #expect(first < second && second < third)
            #expect(try await store.pending(limit: 1).map(\.bytes) == [[2]])
            #expect(try await store.pending(after: second, limit: 10) == store.pending(limit: 10).suffix(1))
            #expect(try await store.pending(limit: 10).map(\.priority) == [.low, .high])
        }
    }

    @Test func lowPriorityMakesRoomOldestFirstAndIsCounted() async throws {
        let folder = try TemporaryFolder()
        var limits = StateLimits()
        limits.outboxEntries = 5
        try await withState(folder("state"), limits: limits) { store in
            try await store.append([0], priority: .high)
            for number: UInt8 in 1...6 { try await store.append([number], priority: .low) }
            #expect(try await store.pending(limit: 10).map(\.bytes) == [[0], [3], [4], [5], [6]])
            #expect(try await store.size(.outbox).dropped == 2)
            for number: UInt8 in 7...10 { try await store.append([number], priority: .high) }
            #expect(try await store.pending(limit: 10).map(\.bytes) == [[0], [7], [8], [9], [10]])
            #expect(try await store.size(.outbox).dropped == 6)

            // Nothing of low priority is left to make room.
            await #expect { try await store.append([11], priority: .high) } throws: { error in
                (error as? StateError)?.code == "state.outbox_full"
            }
            #expect(try await store.append([12], priority: .low) == nil)
            #expect(try await store.pending(limit: 10).map(\.bytes) == [[0], [7], [8], [9], [10]])
        }
        try await withState(folder("state"), limits: limits) { store in
            #expect(try await store.size(.outbox).dropped == 7, "the count outlives a restart")
            try await store.apply([.toldDropped(.outbox, 5)])
            #expect(try await store.size(.outbox).dropped == 2)
            try await store.apply([.toldDropped(.outbox, 100)])
            #expect(try await store.size(.outbox).dropped == 0)
        }
    }

    @Test func bytesAreBoundedToo() async throws {
        let folder = try TemporaryFolder()
        var limits = StateLimits()
        limits.outboxBytes = 100_000
        try await withState(folder("state"), limits: limits) { store in
            for number in 0..<300 {
                let size = [10, 999, 5000][number % 3]
                try await store.append(StoreBytes.noise(size), priority: .low)
                let size_ = try await store.size(.outbox)
                #expect(size_.bytes <= 100_000)
            }
            let size = try await store.size(.outbox)
            #expect(size.bytes > 90_000, "no more was dropped than had to be")
            #expect(size.dropped == UInt64(300 - size.entries))
            await #expect(throws: StateError.self) { try await store.append(StoreBytes.noise(100_001)) }
            #expect(try await store.size(.outbox) == size, "a message that never fits drops nothing")
        }
        try await withState(folder("state"), limits: limits) { store in
            let entries = try await store.pending(limit: .max)
            let bytes = entries.reduce(0) { $0 + $1.bytes.count + 29 }
            #expect(try await store.size(.outbox).bytes == bytes)
        }
    }

    @Test func logsAreARing() async throws {
        let folder = try TemporaryFolder()
        var limits = StateLimits()
        limits.logEntries = 10
        try await withState(folder("state"), limits: limits) { store in
            try await store.appendLogs((1...25).map { [UInt8($0)] })
            let logs = try await store.logs(limit: 4)
            #expect(logs.map(\.bytes) == [[16], [17], [18], [19]])
            #expect(try await store.size(.logsBuffer).dropped == 15)
            try await store.appendLogs([[26]])
            try await store.removeLogs(through: try #require(logs.last).number, dropped: 15)
            #expect(try await store.logs(limit: 100).map(\.bytes) == (20...26).map { [$0] })
            #expect(try await store.size(.logsBuffer).dropped == 1)
            try await store.appendLogs([])
        }
        let logs = try await withState(folder("state"), limits: limits) { try await $0.logs(limit: 100).map(\.bytes) }
        #expect(logs.count == 7)
    }
}
