/// Work that may take only so long.
enum TimeLimit {
    /// The time was over, and the work has been cancelled and has ended.
    struct Exceeded: Error {}

    /// - Throws: ``Exceeded``; `CancellationError` when the caller was cancelled; what `body` throws.
    static func run<R: Sendable>(_ limit: Duration, _ body: @escaping @Sendable () async throws -> R) async throws -> R
    {
        try await withThrowingTaskGroup(of: R.self) { group in
            group.addTask { try await body() }
            group.addTask {
                try await Task.sleep(for: limit)
                throw Exceeded()
            }
            defer { group.cancelAll() }
            guard let result = try await group.next() else { throw CancellationError() }
            return result
        }
    }
}
