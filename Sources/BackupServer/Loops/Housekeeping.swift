internal import BackupControl
internal import BackupControlStore
internal import FoundationEssentials
internal import Logging
internal import ServiceLifecycle

/// Takes away what has expired: sessions, answers to requests with an `Idempotency-Key`, and old events. Every replica does; it harms
/// nobody twice.
struct Housekeeping: Service {
    private static let interval = Duration.seconds(600)
    /// Whoever comes back to the event stream after more than these begins anew.
    private static let keptEvents = 10_000

    let database: ControlDatabase
    let logger: Logger
    let now: @Sendable () -> Date

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await clean()
                // Cancelled is ended.
                try? await Task.sleep(for: Self.interval)
            }
        }
    }

    private func clean() async {
        do {
            try await database.deleteSessions(expiredBefore: now())
            try await database.deleteIdempotency(before: now().addingTimeInterval(-IdempotencyKeys.keptFor))
            try await database.pruneEvents(keeping: Self.keptEvents)
        } catch {
            logger.warning("what has expired could not be taken away", error: error)
        }
    }
}
