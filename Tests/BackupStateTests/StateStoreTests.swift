import BackupCore
import BackupState
import BackupTestSupport
import Foundation
import Testing

@Suite struct StateStoreTests {
    @Test func whatIsPutIsThereAfterReopening() async throws {
        let folder = try TemporaryFolder()
        try await withState(folder("state")) { store in
            #expect(try await store.get(.config, "current") == nil)
            try await store.put(.config, "current", [1])
            try await store.put(.config, "current", [2])
            try await store.put(.queue, "данные", [])
            try await store.put(.queue, "a\u{0}b", [3])
            try await store.put(.queue, "", [4])
            try await store.put(.registry, "gone", [5])
            try await store.delete(.registry, "gone")
            try await store.delete(.registry, "never")
        }
        try await withState(folder("state")) { store throws in
            #expect(try await store.get(.config, "current") == [2])
            #expect(try await store.values(.queue) == ["": [4], "a\u{0}b": [3], "данные": []])
            #expect(try await store.all(.queue, limit: 1).map(\.key) == [""])
            #expect(try await store.values(.registry).isEmpty)
            #expect(try await store.size(.registry) == StateSize())
        }
    }

    @Test func onlyTheOwnerCanReadIt() async throws {
        let folder = try TemporaryFolder()
        try await withState(folder("a/state")) { store in
            try await store.put(.config, "k", Array("plaintext-of-a-configuration".utf8))
            let mode = { (name: String) throws in
                try FileManager.default.attributesOfItem(atPath: folder(name))[.posixPermissions] as? Int
            }
            #expect(try mode("a/state") == 0o700)
            for name in ["state.db", "state.db-wal", "state.db-shm", "state.lock"] {
                #expect(try mode("a/state/\(name)") == 0o600, "\(name)")
            }
            for name in folder.files() {
                let bytes = try Data(contentsOf: URL(filePath: folder(name)))
                #expect(bytes.range(of: Data("plaintext-of-a-configuration".utf8)) == nil, "\(name)")
                #expect(bytes.range(of: Data(agentKey.revealed.utf8)) == nil, "\(name)")
            }
        }
    }

    @Test func changesTogetherHappenTogetherOrNotAtAll() async throws {
        let folder = try TemporaryFolder()
        var limits = StateLimits()
        limits.outboxEntries = 1
        try await withState(folder("state"), limits: limits) { store in
            try await store.put(.queue, "run", [1])
            let sent = try await store.apply([.delete(.queue, key: "run"), .send([9], .high)])
            #expect(sent == [OutboxID(rawValue: 1)])
            #expect(try await store.get(.queue, "run") == nil)
            await #expect(throws: StateError.self) {
                try await store.apply([.put(.queue, key: "other", [1]), .delete(.outbox, key: "x"), .send([8], .high)])
            }
            #expect(try await store.get(.queue, "other") == nil)
            #expect(try await store.size(.queue) == StateSize())
            #expect(try await store.pending(limit: 10).map(\.bytes) == [[9]])
        }
    }

    @Test func twoAgentsDontShareAState() async throws {
        let folder = try TemporaryFolder()
        try await withState(folder("state")) { _ in
            #expect(await refusal(folder("state")) == "state.in_use")
        }
        #expect(await refusal(folder("state")) == nil, "the lock ends with its holder")
    }

    @Test func aClosedStateSaysSo() async throws {
        let folder = try TemporaryFolder()
        let store = try await StateStore.open(directory: folder("state"), key: agentKey)
        await store.close()
        await #expect(throws: StateError.closed(folder("state/state.db"))) { try await store.put(.config, "k", [1]) }
    }

    /// Blocking calls run beside the cooperative pool, in the order in which they were begun by one caller.
    @Test func manyCallersAtOnce() async throws {
        let folder = try TemporaryFolder()
        try await withState(folder("state")) { store in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for caller in 0..<20 {
                    group.addTask {
                        for turn in 0..<5 { try await store.put(.queue, "\(caller)", [UInt8(turn)]) }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await store.values(.queue).count == 20)
            #expect(try await store.values(.queue).values.allSatisfy { $0 == [4] })
        }
    }

    /// Against a dictionary, with reopening in between.
    @Test(arguments: 1...4)
    func randomOperationsAreThoseOfADictionary(_ seed: Int) async throws {
        let folder = try TemporaryFolder()
        var random = SeededRandom(UInt64(seed))
        var model: [StateBucket: [String: [UInt8]]] = [:]
        var outbox: [OutboxID: [UInt8]] = [:]
        for _ in 0..<8 {
            let store = try await StateStore.open(directory: folder("state"), key: agentKey)
            for _ in 0..<30 {
                let bucket = [StateBucket.config, .queue, .registry].randomElement(using: &random) ?? .queue
                let key = "key \(Int.random(in: 0..<8, using: &random))"
                let value = StoreBytes.noise(Int.random(in: 0...5000, using: &random), seed: random.next())
                switch Int.random(in: 0..<5, using: &random) {
                case 0, 1:
                    try await store.put(bucket, key, value)
                    model[bucket, default: [:]][key] = value
                case 2:
                    try await store.delete(bucket, key)
                    model[bucket]?[key] = nil
                case 3:
                    let id = try #require(await store.append(value))
                    #expect(outbox[id] == nil && outbox.keys.allSatisfy { $0 < id })
                    outbox[id] = value
                default:
                    guard let id = outbox.keys.sorted().randomElement(using: &random) else { continue }
                    try await store.remove(id)
                    outbox[id] = nil
                }
                #expect(try await store.get(bucket, key) == model[bucket]?[key])
            }
            for bucket in [StateBucket.config, .queue, .registry] {
                #expect(try await store.values(bucket) == model[bucket] ?? [:])
                #expect(try await store.size(bucket).entries == model[bucket]?.count ?? 0)
            }
            let pending = try await store.pending(limit: .max)
            #expect(pending.map(\.id) == outbox.keys.sorted())
            #expect(pending.allSatisfy { outbox[$0.id] == $0.bytes })
            await store.close()
        }
    }
}
