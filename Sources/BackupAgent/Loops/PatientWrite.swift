/// Writes what must not be lost, also when the disk is full for a while.
enum PatientWrite {
    static let pause = Duration.seconds(5)
    /// How often it is tried once the agent stops, which a full disk must not hold up for ever.
    static let lastTries = 3

    /// Tries until it succeeds, or the caller is cancelled, or the agent has stopped and ``lastTries`` were in vain.
    /// - Returns: whether it is written.
    static func run(
        isolation: isolated (any Actor)? = #isolation, pause: Duration = pause, isStopping: () -> Bool,
        failed: (any Error) -> Void, _ write: () async throws -> Void
    ) async -> Bool {
        var left = lastTries
        while true {
            do {
                try await write()
                return true
            } catch {
                failed(error)
            }
            if isStopping() { left -= 1 }
            guard left > 0 else { return false }
            do { try await Task.sleep(for: isStopping() ? min(pause, .seconds(1)) : pause) } catch { return false }
        }
    }
}
