package import BackupControl
internal import BackupCore

extension ControlDatabase: PlanStore {
    // MARK: Targets

    package func addTarget(_ target: TargetRecord) async throws { try await sql.write { try $0.add(target) } }

    package func addTarget(_ target: TargetRecord, with job: JobRecord) async throws {
        try await sql.write { connection in
            try connection.add(target)
            try connection.add(job)
        }
    }

    package func target(_ id: TargetRecord.ID) async throws -> TargetRecord? {
        try await sql.read { try $0.target(id) }
    }

    package func targets(of agent: AgentRecord.ID, _ page: PageRequest) async throws -> Page<TargetRecord> {
        try await sql.read { connection in
            let rows = try connection.rows(
                "SELECT * FROM targets WHERE agent_id = ? AND id > ? ORDER BY id LIMIT ?",
                [.text(agent.string), .text(try page.after() ?? ""), SQLValue(page.limit + 1)])
            return Page(try rows.map(TargetRecord.init(row:)), limit: page.limit, id: \.id.string)
        }
    }

    package func updateTarget(_ target: TargetRecord) async throws {
        try await sql.write { connection in
            try connection.unique("a target named '\(target.name)' is there already") {
                let changed = try connection.run(
                    """
                    UPDATE targets SET name = ?, engine = ?, host = ?, port = ?, database_name = ?, username = ?,
                        secret_reference = ?, sealed_password = ?, container_id = ?, strategy = ? WHERE id = ?
                    """, target.settings + [.text(target.id.string)])
                guard changed == 1 else { throw ControlError.notFound(kind: "target", id: target.id.string) }
            }
            try connection.changedTargets(of: target.agentID)
        }
    }

    package func deleteTarget(_ id: TargetRecord.ID) async throws {
        try await sql.write { connection in
            try connection.refuseWhileLive("target_id", id.string)
            let row = try connection.row("DELETE FROM targets WHERE id = ? RETURNING agent_id", [.text(id.string)])
            guard let row else { throw ControlError.notFound(kind: "target", id: id.string) }
            try connection.changedTargets(of: .init(try row.text("agent_id")))
        }
    }

    // MARK: Jobs

    package func addJob(_ job: JobRecord) async throws { try await sql.write { try $0.add(job) } }

    package func job(_ id: JobRecord.ID) async throws -> JobRecord? { try await sql.read { try $0.job(id) } }

    package func jobs(of agent: AgentRecord.ID?, _ page: PageRequest) async throws -> Page<JobRecord> {
        try await sql.read { connection in
            let rows = try connection.rows(
                "SELECT * FROM jobs WHERE id > ? \(agent == nil ? "" : "AND agent_id = ?") ORDER BY id LIMIT ?",
                [.text(try page.after() ?? "")] + (agent.map { [.text($0.string)] } ?? []) + [SQLValue(page.limit + 1)])
            return Page(try rows.map(JobRecord.init(row:)), limit: page.limit, id: \.id.string)
        }
    }

    package func updateJob(_ changed: JobRecord) async throws {
        try await sql.write { connection in
            let old = try connection.row(
                "SELECT * FROM jobs WHERE id = ? \(connection.dialect.forUpdate)", [.text(changed.id.string)]
            ).map(JobRecord.init(row:))
            guard let old else { throw ControlError.notFound(kind: "job", id: changed.id.string) }
            let job = changed.keepingTimes(of: old)
            try connection.unique("a job named '\(job.name)' is there already") {
                try connection.run(
                    """
                    UPDATE jobs SET storage_id = ?, name = ?, enabled = ?, cron = ?, jitter_s = ?, next_due_at = ?,
                        expected_by = ?, late_alerted_at = ?, compression = ?, encryption = ?, recipients = ?, retention = ?,
                        pre_hooks = ?, post_hooks = ?, max_attempts = ?, backoff_s = ?, timeout_s = ?, grace_s = ?,
                        validation = ?
                    WHERE id = ?
                    """, try job.settings + [.text(job.id.string)])
            }
            try connection.raiseConfiguration(of: job.agentID)
            try connection.wake("jobs")
        }
    }

    package func deleteJob(_ id: JobRecord.ID) async throws {
        try await sql.write { connection in
            try connection.refuseWhileLive("job_id", id.string)
            let row = try connection.row("DELETE FROM jobs WHERE id = ? RETURNING agent_id", [.text(id.string)])
            guard let row else { throw ControlError.notFound(kind: "job", id: id.string) }
            try connection.raiseConfiguration(of: .init(try row.text("agent_id")))
        }
    }
}

extension SQLConnection {
    fileprivate func add(_ target: TargetRecord) throws {
        guard try agent(target.agentID) != nil else {
            throw ControlError.notFound(kind: "agent", id: target.agentID.string)
        }
        try unique("a target named '\(target.name)' is there already") {
            try run(
                """
                INSERT INTO targets (name, engine, host, port, database_name, username, secret_reference, sealed_password,
                    container_id, strategy, id, agent_id, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                target.settings + [
                    .text(target.id.string), .text(target.agentID.string), SQLValue(target.createdAt),
                ])
        }
        try changedTargets(of: target.agentID)
    }

    fileprivate func changedTargets(of agent: AgentRecord.ID) throws {
        try raiseConfiguration(of: agent)
        try countUntargeted(of: agent)
    }

    fileprivate func add(_ job: JobRecord) throws {
        guard let target = try self.target(job.targetID), target.agentID == job.agentID else {
            throw ControlError.notFound(kind: "target", id: job.targetID.string)
        }
        try unique("a job named '\(job.name)' is there already") {
            try run(
                """
                INSERT INTO jobs (storage_id, name, enabled, cron, jitter_s, next_due_at, expected_by, late_alerted_at,
                    compression, encryption, recipients, retention, pre_hooks, post_hooks, max_attempts, backoff_s, timeout_s,
                    grace_s, validation, id, agent_id, target_id, created_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                try job.settings + [
                    .text(job.id.string), .text(job.agentID.string), .text(job.targetID.string),
                    SQLValue(job.createdAt),
                ])
        }
        try raiseConfiguration(of: job.agentID)
        try wake("jobs")
    }

    func target(_ id: TargetRecord.ID) throws -> TargetRecord? {
        try row("SELECT * FROM targets WHERE id = ?", [.text(id.string)]).map(TargetRecord.init(row:))
    }

    func job(_ id: JobRecord.ID) throws -> JobRecord? {
        try row("SELECT * FROM jobs WHERE id = ?", [.text(id.string)]).map(JobRecord.init(row:))
    }
}

extension TargetRecord {
    /// All that a person may change, in the order of the statements above.
    fileprivate var settings: [SQLValue] {
        [
            .text(name), .text(engine.rawValue), .text(host), SQLValue(port), .text(database), .text(username),
            .text(secretReference), SQLValue(sealedPassword), .text(containerID), .text(strategy.word),
        ]
    }
}

extension JobRecord {
    /// Where the schedule is the same, its times are those of the table: a run may have been made or have ended since they were read.
    fileprivate func keepingTimes(of old: JobRecord) -> JobRecord {
        guard isEnabled == old.isEnabled, cron == old.cron, jitter == old.jitter, timeout == old.timeout,
            grace == old.grace
        else { return self }
        var job = self
        (job.nextDueAt, job.expectedBy, job.lateAlertedAt) = (old.nextDueAt, old.expectedBy, old.lateAlertedAt)
        return job
    }

    /// The same.
    fileprivate var settings: [SQLValue] {
        get throws {
            [
                .text(storageID.string), .text(name), SQLValue(isEnabled), .text(cron), SQLValue(seconds: jitter),
                SQLValue(nextDueAt), SQLValue(expectedBy), SQLValue(lateAlertedAt), .text(compression.rawValue),
                .text(encryption.rawValue), .text(recipients.joined(separator: "\n")),
                .text(try JSONText.of(retention)),
                .text(try JSONText.of(preHooks)), .text(try JSONText.of(postHooks)), SQLValue(retry.maxAttempts),
                .text(try JSONText.of(retry.backoffSeconds)), SQLValue(seconds: timeout), SQLValue(seconds: grace),
                .text(validation.rawValue),
            ]
        }
    }
}
