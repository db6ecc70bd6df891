import BackupCore
import BackupState
import BackupTestSupport

let agentKey = Secret("bkpy_test_0123456789abcdefABCDEF0123456789")
let otherKey = Secret("bkpy_test_0123456789abcdefABCDEF012345678X")

/// Opens the state in `directory`, and closes it when `body` is done, so that it can be opened again.
func withState<R: Sendable>(
    _ directory: String, key: Secret = agentKey, limits: StateLimits = StateLimits(),
    _ body: (StateStore) async throws -> R
) async throws -> R {
    let store = try await StateStore.open(directory: directory, key: key, limits: limits)
    do {
        let result = try await body(store)
        await store.close()
        return result
    } catch {
        await store.close()
        throw error
    }
}

/// The code of the error that opening meets; nil where it opens.
func refusal(_ directory: String, key: Secret = agentKey) async -> String? {
    do {
        try await withState(directory, key: key) { _ in }
        return nil
    } catch {
        return (error as? StateError)?.code ?? "\(error)"
    }
}

extension StateStore {
    func values(_ bucket: StateBucket) async throws -> [String: [UInt8]] {
        Dictionary(uniqueKeysWithValues: try self.all(bucket).map { ($0.key, $0.value) })
    }
}
