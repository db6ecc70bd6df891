internal import BackupCore
internal import BackupWire
internal import Synchronization

/// What agents were asked and have not answered yet.
///
/// Memory: ``largestCount`` questions, each with a deadline.
final class Questions: Sendable {
    static let largestCount = 256

    private let waiting = Mutex<[String: AsyncStream<AgentMessage>.Continuation]>([:])

    /// - Throws: ``DispatchError/noAnswer(within:)``.
    func ask(_ message: ServerMessage, _ connection: AgentConnection, within limit: Duration) async throws
        -> AgentMessage
    {
        let id = "q-" + String(UInt64.random(in: .min ... .max), radix: 36)
        let (answers, continuation) = AsyncStream<AgentMessage>.makeStream(bufferingPolicy: .bufferingOldest(1))
        let isRoom = waiting.withLock { waiting in
            guard waiting.count < Self.largestCount else { return false }
            waiting[id] = continuation
            return true
        }
        guard isRoom else { throw DispatchError.noAnswer(within: .zero) }
        defer { waiting.withLock { $0[id] = nil } }
        connection.send(message, correlationID: id)
        return try await withThrowingTaskGroup(of: AgentMessage?.self) { group in
            group.addTask { await answers.first { _ in true } }
            group.addTask {
                try await Task.sleep(for: limit)
                return nil
            }
            defer { group.cancelAll() }
            guard let answer = try await group.next() ?? nil else { throw DispatchError.noAnswer(within: limit) }
            return answer
        }
    }

    /// - Returns: whether somebody waits for it.
    func answer(_ message: AgentMessage, _ id: String) -> Bool {
        guard let continuation = waiting.withLock({ $0.removeValue(forKey: id) }) else { return false }
        continuation.yield(message)
        return true
    }
}
