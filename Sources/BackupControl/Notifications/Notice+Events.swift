internal import BackupCore
package import FoundationEssentials

/// What is told of which event, and how.
extension Notice {
    package static func runFailed(_ run: RunRecord, job: String, target: String, agent: String, at time: Date) -> Notice
    {
        let failure = run.failure
        return Notice(
            .runFailed, "Backup failed: \(target) on \(agent)",
            [
                "Job '\(job)', run \(run.id), \(run.status.rawValue).",
                failure.map { "\($0.message) [\($0.code)]" } ?? "Nobody knows why.", failure?.hint ?? "",
            ].filter { !$0.isEmpty },
            at: time, ids: ids(run), dedupKey: run.id.string)
    }

    package static func runRecovered(
        _ run: RunRecord, job: String, target: String, agent: String, at time: Date
    ) -> Notice {
        Notice(
            .runRecovered, "Backed up again: \(target) on \(agent)",
            ["Job '\(job)' has a proven backup again: run \(run.id)."], at: time, ids: ids(run), dedupKey: run.id.string
        )
    }

    package static func backupLate(_ lateness: Lateness, at time: Date) -> Notice {
        let (facts, cause) = (lateness.facts, lateness.cause)
        return Notice(
            .backupLate, "Backup is late: \(facts.target) on \(facts.agent.name)",
            [
                "Job '\(facts.job.name)' was due at \(UTCTime(lateness.dueAt).rfc3339), and there is no proven backup by "
                    + "\(UTCTime(lateness.expectedBy).rfc3339).",
                cause.sentence,
            ],
            at: time,
            ids: [
                "job_id": facts.job.id.string, "agent_id": facts.agent.id.string,
                "target_id": facts.job.targetID.string, "cause": cause.word,
            ], dedupKey: "\(facts.job.id)/\(Int(lateness.expectedBy.timeIntervalSince1970))")
    }

    package static func agentOffline(_ agent: AgentRecord, at time: Date) -> Notice {
        let seen = agent.session.lastSeenAt
        return Notice(
            .agentOffline, "Agent is gone: \(agent.name)",
            [
                "Not heard of since \(seen.map { UTCTime($0).rfc3339 } ?? "it was made"). Its databases are not backed up."
            ],
            at: time, ids: ["agent_id": agent.id.string], dedupKey: "\(agent.id)/\(seconds(seen ?? time))")
    }

    package static func agentOnline(_ agent: AgentRecord, at time: Date) -> Notice {
        Notice(
            .agentOnline, "Agent is back: \(agent.name)", [], at: time, ids: ["agent_id": agent.id.string],
            dedupKey: "\(agent.id)/\(seconds(time))")
    }

    package static func check(
        _ news: HealthMachine.News, _ check: HealthCheckRecord, _ observation: HealthObservation
    ) -> Notice {
        let isDown = news == .wentDown
        return Notice(
            isDown ? .checkDown : .checkUp, "\(isDown ? "Down" : "Up again"): \(check.name)",
            isDown && !observation.error.isEmpty ? [observation.error] : [], at: observation.at,
            ids: ["check_id": check.id.string, "agent_id": check.agentID.string],
            dedupKey: "\(check.id)/\(seconds(observation.at))")
    }

    package static func retentionBraked(_ brake: BrakedRetention, target: String) -> Notice {
        Notice(
            .retentionBraked, "Retention stopped: \(target)",
            [
                "\(brake.wanted) of \(brake.total) backups were to be removed within a day. Nothing is removed before somebody has "
                    + "looked at it and approved it."
            ],
            at: brake.at, ids: ["target_id": brake.targetID.string],
            // Told again each day, as long as it stands.
            dedupKey: "\(brake.targetID)/\(seconds(brake.at) / 86_400)")
    }

    package static func restoreFinished(_ restore: RestoreRecord, at time: Date) -> Notice {
        Notice(
            .restoreFinished, "Restore \(restore.status.rawValue): \(restore.id)",
            restore.failure.map { ["\($0.message) [\($0.code)]", $0.hint].filter { !$0.isEmpty } } ?? [], at: time,
            ids: ["restore_id": restore.id.string, "run_id": restore.runID.string], dedupKey: restore.id.string)
    }

    package static func serverWasDown(_ gap: ServerGap) -> Notice {
        Notice(
            .serverWasDown, "The server was down",
            [
                "No server was there from \(UTCTime(gap.from).rfc3339) to \(UTCTime(gap.to).rfc3339). What was due then runs now."
            ],
            at: gap.to, dedupKey: "\(seconds(gap.to))")
    }

    package static func test(_ channel: ChannelRecord, at time: Date) -> Notice {
        Notice(
            .test, "Backupy: a test", ["Channel '\(channel.name)' works."], at: time,
            dedupKey: "\(channel.id)/\(seconds(time))")
    }

    private static func ids(_ run: RunRecord) -> [String: String] {
        [
            "run_id": run.id.string, "job_id": run.jobID.string, "agent_id": run.agentID.string,
            "target_id": run.targetID.string, "status": run.status.rawValue,
        ].merging(run.failure.map { ["error_code": $0.code] } ?? [:]) { $1 }
    }

    private static func seconds(_ time: Date) -> Int { time.wholeSeconds ?? 0 }
}

extension Lateness.Cause {
    /// What a person reads.
    package var sentence: String {
        switch self {
        case .agentGone(let seen):
            "The agent is gone\(seen.map { "; it was last heard of at \(UTCTime($0).rfc3339)" } ?? "")."
        case .runFailed(let failure): "The last run failed: \(failure.message) [\(failure.code)]"
        case .store(let failure): "The store failed: \(failure.message) [\(failure.code)]"
        case .running(let id): "Run \(id) is still going on."
        case .waiting(let id): "Run \(id) waits for its turn."
        case .cancelled(let id): "Run \(id) was cancelled."
        case .serverDown(let from, let to):
            "No server was there from \(UTCTime(from).rfc3339) to \(UTCTime(to).rfc3339)."
        case .notMade: "No run was made for it."
        }
    }
}
