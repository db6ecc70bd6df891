package import BackupCore
package import FoundationEssentials

/// A job whose proven backup has not come in time, and what is known of the reason.
package struct Lateness: Sendable {
    package enum Cause: Sendable, Equatable {
        case agentGone(lastSeenAt: Date?)
        case runFailed(RunRecord.Failure)
        case store(RunRecord.Failure)
        case running(BackupID)
        /// It waits for its turn, or its time has been put off.
        case waiting(BackupID)
        case cancelled(BackupID)
        case serverDown(from: Date, to: Date)
        case notMade

        /// For events and the API.
        package var word: String {
            switch self {
            case .agentGone: "agent_gone"
            case .runFailed: "run_failed"
            case .store: "store"
            case .running: "running"
            case .waiting: "waiting"
            case .cancelled: "cancelled"
            case .serverDown: "server_down"
            case .notMade: "not_made"
            }
        }
    }

    /// What is looked at.
    package struct Facts: Sendable {
        package let job: JobRecord
        package let agent: AgentRecord
        package let target: String
        /// The job's newest.
        package let lastRun: RunRecord?
        /// The newest time in which no server was there.
        package let gap: ServerGap?

        package init(job: JobRecord, agent: AgentRecord, target: String, lastRun: RunRecord?, gap: ServerGap?) {
            self.job = job
            self.agent = agent
            self.target = target
            self.lastRun = lastRun
            self.gap = gap
        }
    }

    /// Errors that are the store's, and not of the module `storage`.
    private static let storeCodes: Set<String> = ["server.storage_gone", "server.object_missing", "run.upload_refused"]

    package let facts: Facts
    package let expectedBy: Date

    package init(_ facts: Facts, expectedBy: Date) {
        self.facts = facts
        self.expectedBy = expectedBy
    }

    /// The slot that was missed.
    package var dueAt: Date {
        expectedBy.addingTimeInterval(-facts.job.timeout.inSeconds - facts.job.grace.inSeconds)
    }

    /// Its backup is there, and whoever has counted it did not expect the next one.
    package var isMistaken: Bool { facts.lastRun.map { $0.status == .success && $0.createdAt >= dueAt } ?? false }

    package var cause: Cause {
        if let run = facts.lastRun, run.createdAt >= dueAt || run.status.isLive { return cause(of: run) }
        if let gap = facts.gap, gap.from < expectedBy, gap.to > dueAt {
            return .serverDown(from: gap.from, to: gap.to)
        }
        return facts.agent.isConnected ? .notMade : .agentGone(lastSeenAt: facts.agent.session.lastSeenAt)
    }

    private func cause(of run: RunRecord) -> Cause {
        switch run.status {
        case .pending where facts.agent.isConnected: return .waiting(run.id)
        case .dispatched, .running, .uploading, .validating:
            return facts.agent.isConnected
                ? .running(run.id) : .agentGone(lastSeenAt: facts.agent.session.lastSeenAt)
        case .pending: return .agentGone(lastSeenAt: facts.agent.session.lastSeenAt)
        case .cancelled: return .cancelled(run.id)
        // A backup that came after all is not late: whoever asks has seen an older state.
        case .success: return .notMade
        case .failed, .lost:
            guard let failure = run.failure else { return .notMade }
            let isStore = failure.code.hasPrefix("storage.") || Self.storeCodes.contains(failure.code)
            return isStore ? .store(failure) : .runFailed(failure)
        }
    }
}

/// A time in which no server was there.
package struct ServerGap: Sendable, Equatable {
    package let from: Date
    package let to: Date

    package init(from: Date, to: Date) {
        self.from = from
        self.to = to
    }
}
