package import BackupControl
package import BackupCore
package import FoundationEssentials

/// Working on runs: progress, ends, deleting. Claims are in ControlDatabase+Claims.swift.
extension ControlDatabase {
    package func advance(
        _ id: BackupID, agent: AgentRecord.ID, _ progress: RunProgress
    ) async throws -> RunRecord? {
        try await sql.write { connection in
            guard var run = try connection.lockedRun(id), run.agentID == agent else { return nil }
            guard run.status.isLive, run.status != .pending else { return run }
            let isFirst = run.startedAt == nil
            if run.status.mayBecome(progress.status), progress.status.isLive { run.status = progress.status }
            run.startedAt = run.startedAt ?? progress.at
            run.progressPercent = min(max(progress.percent, 0), 100)
            run.step = progress.step
            run.bytesDone = progress.bytesDone
            try connection.run(
                "UPDATE runs SET status = ?, started_at = ?, progress_percent = ?, step = ?, bytes_done = ? WHERE id = ?",
                [
                    .text(run.status.rawValue), SQLValue(run.startedAt), SQLValue(run.progressPercent),
                    .text(run.step), SQLValue(run.bytesDone), .text(id.string),
                ])
            if isFirst { try connection.append("jobs", "job.started", run.eventData, at: progress.at) }
            return run
        }
    }

    package func finish(
        _ id: BackupID, agent: AgentRecord.ID?, _ ending: RunEnding, at time: Date,
        expectedBy: (@Sendable (JobRecord, MaintenanceWindow?) -> Date?)?
    ) async throws -> (run: RunRecord, isFirst: Bool)? {
        try await sql.write { connection in
            guard let run = try connection.lockedRun(id), agent == nil || run.agentID == agent else { return nil }
            guard run.status.isLive else { return (run, false) }
            let ended = try connection.end(run, ending, at: time)
            if ended.status == .success, let expectedBy, let job = try connection.job(run.jobID) {
                try connection.run(
                    "UPDATE jobs SET expected_by = ?, late_alerted_at = NULL WHERE id = ?",
                    [SQLValue(expectedBy(job, try connection.agent(job.agentID)?.maintenance)), .text(job.id.string)])
            }
            return (ended, true)
        }
    }

    package func requestCancel(_ id: BackupID) async throws -> RunRecord? {
        try await sql.write { connection in
            guard var run = try connection.lockedRun(id) else { return nil }
            guard run.status.isLive else { return run }
            // Nobody has heard of it yet.
            if run.status == .pending { return try connection.end(run, .cancelled, at: Date()) }
            run.isCancelRequested = true
            try connection.run("UPDATE runs SET cancel_requested = 1 WHERE id = ?", [.text(id.string)])
            try connection.tell(.cancel(id))
            return run
        }
    }

    package func liveRuns(of agent: AgentRecord.ID) async throws -> [RunRecord] {
        try await sql.read { connection in
            try connection.rows(
                "SELECT * FROM runs WHERE agent_id = ? AND \(RunRecord.isLive) ORDER BY id LIMIT 10000",
                [.text(agent.string)]
            ).map(RunRecord.init(row:))
        }
    }

    package func overdueRuns(at time: Date, limit: Int) async throws -> [RunRecord] {
        try await sql.read { connection in
            try connection.rows(
                "SELECT * FROM runs WHERE \(RunRecord.isLive) AND deadline_at < ? ORDER BY deadline_at LIMIT ?",
                [SQLValue(time), SQLValue(limit)]
            ).map(RunRecord.init(row:))
        }
    }

    // MARK: Deleting

    package func provenRuns(of target: TargetRecord.ID) async throws -> [RunRecord] {
        try await sql.read { connection in
            try connection.rows(
                """
                SELECT * FROM runs WHERE target_id = ? AND status = 'success' AND deleted_at IS NULL ORDER BY id DESC
                """, [.text(target.string)]
            ).map(RunRecord.init(row:))
        }
    }

    package func markForDeletion(_ ids: [BackupID], reason: String, at time: Date) async throws {
        try await sql.write { connection in
            for id in ids {
                try connection.run(
                    """
                    UPDATE runs SET delete_marked_at = ?, delete_reason = ?
                    WHERE id = ? AND status = 'success' AND deleted_at IS NULL
                        AND (delete_marked_at IS NULL OR delete_reason <> ?)
                    """, [SQLValue(time), .text(reason), .text(id.string), .text(reason)])
            }
        }
    }

    package func unmark(_ ids: [BackupID]) async throws {
        try await sql.write { connection in
            for id in ids {
                try connection.run(
                    "UPDATE runs SET delete_marked_at = NULL, delete_reason = NULL WHERE id = ? AND deleted_at IS NULL",
                    [.text(id.string)])
            }
        }
    }

    package func runsMarked(before time: Date, limit: Int) async throws -> [RunRecord] {
        try await sql.read { connection in
            try connection.rows(
                """
                SELECT * FROM runs WHERE delete_marked_at IS NOT NULL AND deleted_at IS NULL AND delete_marked_at < ?
                ORDER BY delete_marked_at LIMIT ?
                """, [SQLValue(time), SQLValue(limit)]
            ).map(RunRecord.init(row:))
        }
    }

    package func setDeleted(_ id: BackupID, at time: Date) async throws {
        try await sql.write { connection in
            try connection.run(
                "UPDATE runs SET deleted_at = ?, purged_at = ? WHERE id = ? AND deleted_at IS NULL",
                [SQLValue(time), SQLValue(time), .text(id.string)])
        }
    }
}

extension SQLConnection {
    func lockedRun(_ id: BackupID) throws -> RunRecord? {
        try row("SELECT * FROM runs WHERE id = ? \(dialect.forUpdate)", [.text(id.string)]).map(RunRecord.init(row:))
    }

    /// Ends a live run, and tells it.
    func end(_ run: RunRecord, _ ending: RunEnding, at time: Date) throws -> RunRecord {
        var run = run
        run.finishedAt = time
        let name: String
        switch ending {
        case .success(let stored):
            (run.status, run.stored, run.progressPercent, name) = (.success, stored, 100, "job.completed")
        case .failed(let failure): (run.status, run.failure, name) = (.failed, failure, "job.failed")
        case .lost(let failure): (run.status, run.failure, name) = (.lost, failure, "job.failed")
        case .cancelled: (run.status, name) = (.cancelled, "job.cancelled")
        }
        try self.run(
            """
            UPDATE runs SET status = ?, finished_at = ?, progress_percent = ?, size_bytes = ?, dump_size_bytes = ?, sha256 = ?,
                duration_ms = ?, engine_version = ?, validated = ?, manifest = ?, error_code = ?, error_message = ?,
                error_hint = ?, lease_until = NULL WHERE id = ?
            """,
            [
                .text(run.status.rawValue), SQLValue(time), SQLValue(run.progressPercent),
                SQLValue(optional: run.stored?.sizeBytes), SQLValue(optional: run.stored?.dumpSizeBytes),
                SQLValue(run.stored?.sha256), SQLValue(optional: run.stored.map { $0.duration.milliseconds }),
                .text(run.stored?.engineVersion ?? ""), .text((run.stored?.validated ?? .none).rawValue),
                SQLValue(run.stored?.manifest), SQLValue(run.failure?.code), SQLValue(run.failure?.message),
                SQLValue(run.failure?.hint), .text(run.id.string),
            ])
        try append("jobs", name, run.eventData, at: time)
        try tellPeople(ofEnd: run, isRetried: try retry(run, at: time), at: time)
        // Another one of the agent may begin now.
        try tell(.work)
        return run
    }
}

extension Duration {
    var milliseconds: Int64 { components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000 }
}

extension RunRecord {
    fileprivate var eventData: [String: String?] {
        [
            "run_id": id.string, "job_id": jobID.string, "agent_id": agentID.string, "target_id": targetID.string,
            "status": status.rawValue, "error_code": failure?.code,
        ]
    }
}
