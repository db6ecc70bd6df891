internal import BackupWire

/// Requests that wait for their answers: at most ``limit``.
struct PendingRequests: Sendable {
    static let limit = 256

    struct Request: Sendable {
        let id: String
        let message: AgentMessage
        let answers: AsyncStream<ServerMessage>.Continuation
    }

    /// In the order in which they were made.
    private(set) var all: [Request] = []

    mutating func add(_ request: Request) throws(SessionError) {
        guard all.count < Self.limit else { throw .tooManyRequests(limit: Self.limit) }
        all.append(request)
    }

    /// - Returns: whether `message` was an answer that somebody waits for.
    mutating func answer(_ message: ServerMessage, _ correlationID: String) -> Bool {
        guard !correlationID.isEmpty, let index = all.firstIndex(where: { $0.id == correlationID }) else {
            return false
        }
        let request = all.remove(at: index)
        request.answers.yield(message)
        request.answers.finish()
        return true
    }

    mutating func remove(_ id: String) { all.removeAll { $0.id == id } }
}
