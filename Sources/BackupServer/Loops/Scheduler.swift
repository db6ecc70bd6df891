internal import BackupControl
internal import BackupCore
internal import FoundationEssentials
internal import Logging

/// Makes runs of slots whose time has come. Memory: ``batch`` jobs.
actor Scheduler {
    private static let batch = 200
    /// Between two looks at all jobs for times that can't be.
    private static let realignEvery: TimeInterval = 3600

    private let runs: any RunStore
    private let schedule: any ScheduleStore
    private let workChanged: @Sendable () -> Void
    private let logger: Logger
    private let now: @Sendable () -> Date
    private var realignedAt: Date?

    /// - Parameter workChanged: there are runs for agents of this replica. Other replicas look by themselves.
    init(
        runs: any RunStore, schedule: any ScheduleStore, workChanged: @escaping @Sendable () -> Void, logger: Logger,
        now: @escaping @Sendable () -> Date
    ) {
        self.runs = runs
        self.schedule = schedule
        self.workChanged = workChanged
        self.logger = logger
        self.now = now
    }

    /// - Returns: in how long the next job is due; nil for none.
    func pass() async throws -> Duration? {
        if isTimeToRealign { try await realign() }
        var slots: [ScheduledSlot]
        repeat {
            let time = now()
            slots = try await runs.makeDueRuns(
                at: time, limit: Self.batch,
                id: { _ in
                    var random = SystemRandomNumberGenerator()
                    return BackupID(at: time, using: &random)
                }, decide: { [logger] job, window in Self.decide(job, window, at: time, logger) })
            for slot in slots { tell(slot) }
            if !slots.isEmpty { workChanged() }
        } while slots.count == Self.batch && !Task.isCancelled
        guard let next = try await schedule.nextDueAt() else { return nil }
        return .seconds(max(0, next.timeIntervalSince(now())))
    }

    private static func decide(
        _ job: JobRecord, _ window: MaintenanceWindow?, at time: Date, _ logger: Logger
    ) -> SlotDecision {
        do {
            return try SchedulePlanner(job, window: window).decide(at: time)
        } catch {
            logger.error(
                "a job's schedule can't be read: it runs no more", error: error, metadata: ["job_id": "\(job.id)"])
            return .run(next: nil)
        }
    }

    private func tell(_ slot: ScheduledSlot) {
        switch slot.outcome {
        case .made(let run): logger.info("a run is due", metadata: ["job_id": "\(slot.job.id)", "run_id": "\(run.id)"])
        case .skipped:
            logger.notice("a slot was left out: the last run is not over", metadata: ["job_id": "\(slot.job.id)"])
        }
    }

    /// At the start, each hour, and when the clock was set back.
    private var isTimeToRealign: Bool {
        guard let realignedAt else { return true }
        let passed = now().timeIntervalSince(realignedAt)
        return passed >= Self.realignEvery || passed < 0
    }

    private func realign() async throws {
        let time = now()
        var last: JobRecord.ID?
        repeat {
            last = try await schedule.realignJobs(after: last, limit: Self.batch) { job, window in
                SchedulePlanner.times(job, window: window, after: time)
            }
        } while last != nil && !Task.isCancelled
        realignedAt = time
    }
}
