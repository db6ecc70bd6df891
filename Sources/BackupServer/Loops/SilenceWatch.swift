internal import BackupControl
internal import BackupCore
internal import FoundationEssentials
internal import Logging

/// Tells of what did not happen: backups that have not come, agents that are gone, a time without any server.
struct SilenceWatch: Sendable {
    private static let batch = 100
    /// An agent is told to be gone after so long; and no server was there when none has said so for as long.
    static let silence = Duration.seconds(300)

    private let store: any LatenessStore
    private let logger: Logger
    private let now: @Sendable () -> Date
    /// Agents need a while to come back to a server that has begun.
    private let startedAt = ContinuousClock.now
    private let patience: Duration

    init(
        store: any LatenessStore, logger: Logger, patience: Duration = silence, now: @escaping @Sendable () -> Date
    ) {
        self.store = store
        self.logger = logger
        self.patience = patience
        self.now = now
    }

    func pass() async throws -> Duration? {
        if let gap = try await store.beat(at: now(), silence: Self.silence) {
            logger.warning(
                "no server was there for a time", metadata: ["from": "\(UTCTime(gap.from).rfc3339)"])
        }
        try await tellLateness()
        if ContinuousClock.now - startedAt >= patience { try await tellGone() }
        try await inBatches {
            let agents = try await store.raiseOnline(at: now(), limit: Self.batch)
            for agent in agents { logger.notice("an agent is back", metadata: ["agent_id": "\(agent.id)"]) }
            return agents.count
        }
        return nil
    }

    private func tellLateness() async throws {
        try await inBatches {
            let time = now()
            let late = try await store.raiseLateness(at: time, limit: Self.batch) { job, window in
                SchedulePlanner.times(job, window: window, after: time)?.expectedBy
            }
            for lateness in late {
                logger.warning(
                    "a backup is late",
                    metadata: ["job_id": "\(lateness.facts.job.id)", "cause": "\(lateness.cause.word)"])
            }
            return late.count
        }
    }

    private func tellGone() async throws {
        try await inBatches {
            let time = now()
            let agents = try await store.raiseOffline(
                silentSince: time.addingTimeInterval(-Self.silence.inSeconds), at: time, limit: Self.batch)
            for agent in agents { logger.warning("an agent is gone", metadata: ["agent_id": "\(agent.id)"]) }
            return agents.count
        }
    }

    private func inBatches(_ work: () async throws -> Int) async throws {
        while try await work() == Self.batch, !Task.isCancelled {}
    }
}
