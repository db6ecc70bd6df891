package import BackupControl
package import BackupCore
package import FoundationEssentials

extension ControlDatabase: ListingStore {
    package func listAgents(_ search: ListSearch) async throws -> Listing<ListedAgent> {
        try await sql.read { connection in
            let counts = """
                (SELECT count(*) FROM targets WHERE targets.agent_id = agents.id) AS target_count, \
                (SELECT count(*) FROM jobs WHERE jobs.agent_id = agents.id) AS job_count
                """
            let order = ListOrder.sql(
                search,
                [
                    "name": ["name"], "state": ["(session_replica IS NULL)", "name"], "targets": ["target_count"],
                    "jobs": ["job_count"], "version": ["version"],
                ], usual: "name", id: "id")
            let rows = try connection.rows(
                """
                SELECT \(AgentRecord.columns), \(counts) FROM agents
                WHERE lower(name) LIKE ? ESCAPE '!' OR lower(hostname) LIKE ? ESCAPE '!' \(order)
                """,
                [ListOrder.pattern(search.text), ListOrder.pattern(search.text)] + ListOrder.arguments(search))
            return Listing(
                try rows.map { row in
                    ListedAgent(
                        agent: try AgentRecord(row: row), targets: try row.int("target_count"),
                        jobs: try row.int("job_count"))
                }, search)
        }
    }

    package func listJobs(_ search: ListSearch) async throws -> Listing<ListedJob> {
        try await sql.read { connection in
            let order = ListOrder.sql(
                search,
                [
                    "name": ["jobs.name"], "agent": ["agents.name"],
                    "next": ["(jobs.next_due_at IS NULL)", "jobs.next_due_at"],
                ], usual: "name", id: "jobs.id")
            let pattern = ListOrder.pattern(search.text)
            let rows = try connection.rows(
                """
                SELECT jobs.*, agents.name AS agent_name, targets.name AS target_name, targets.engine AS target_engine,
                    (SELECT max(runs.id) FROM runs WHERE runs.job_id = jobs.id) AS last_run
                FROM jobs JOIN agents ON agents.id = jobs.agent_id JOIN targets ON targets.id = jobs.target_id
                WHERE (lower(jobs.name) LIKE ? ESCAPE '!' OR lower(agents.name) LIKE ? ESCAPE '!'
                    OR lower(targets.name) LIKE ? ESCAPE '!' OR targets.engine LIKE ? ESCAPE '!')
                    \(search.agentID == nil ? "" : "AND jobs.agent_id = ?") \(order)
                """,
                [pattern, pattern, pattern, pattern] + (search.agentID.map { [.text($0.string)] } ?? [])
                    + ListOrder.arguments(search))
            let runs = try connection.runs(try rows.compactMap { try $0.optionalText("last_run") })
            return Listing(
                try rows.map { row in
                    ListedJob(
                        job: try JobRecord(row: row), agentName: try row.text("agent_name"),
                        targetName: try row.text("target_name"), engine: try row.text("target_engine"),
                        lastRun: try row.optionalText("last_run").flatMap { runs[$0] })
                }, search)
        }
    }

    package func listChecks(_ search: ListSearch, hoursFrom from: Date) async throws -> Listing<ListedCheck> {
        try await sql.read { connection in
            let order = ListOrder.sql(
                search,
                [
                    "name": ["health_checks.name"], "state": ["health_checks.state", "health_checks.name"],
                    "agent": ["agents.name", "health_checks.name"],
                ], usual: "name", id: "health_checks.id")
            let pattern = ListOrder.pattern(search.text)
            let rows = try connection.rows(
                """
                SELECT health_checks.*, agents.name AS agent_name
                FROM health_checks JOIN agents ON agents.id = health_checks.agent_id
                WHERE lower(health_checks.name) LIKE ? ESCAPE '!' OR lower(health_checks.target) LIKE ? ESCAPE '!' \(order)
                """, [pattern, pattern] + ListOrder.arguments(search))
            let page = Listing(try rows.map { (try HealthCheckRecord(row: $0), try $0.text("agent_name")) }, search)
            let hours = try connection.hours(of: page.rows.map(\.0.id.string), from: from)
            return Listing(
                page.rows.map { ListedCheck(check: $0, agentName: $1, hours: hours[$0.id.string] ?? []) },
                nextOffset: page.nextOffset)
        }
    }

    package func listTargets(of agents: [AgentRecord.ID]?, limit: Int) async throws -> [ListedTarget] {
        try await sql.read { connection in
            let condition = agents.map { "WHERE targets.agent_id IN (\(ListOrder.marks(max(1, $0.count))))" } ?? ""
            let ids = agents.map { $0.isEmpty ? [SQLValue.null] : $0.map { .text($0.string) } } ?? []
            return try connection.rows(
                """
                SELECT targets.*, agents.name AS agent_name,
                    (SELECT min(jobs.id) FROM jobs WHERE jobs.agent_id = targets.agent_id AND jobs.target_id = targets.id
                        AND jobs.enabled = 1) AS job_id,
                    \(ListText.provenAt) AS proven_at
                FROM targets JOIN agents ON agents.id = targets.agent_id \(condition)
                ORDER BY agents.name, targets.name LIMIT ?
                """, ids + [SQLValue(limit)]
            ).map { row in
                ListedTarget(
                    target: try TargetRecord(row: row), agentName: try row.text("agent_name"),
                    jobID: try row.optionalText("job_id").map { JobRecord.ID($0) },
                    lastProvenAt: try row.optionalDate("proven_at"))
            }
        }
    }

    package func counts(of agent: AgentRecord.ID) async throws -> (targets: Int, jobs: Int) {
        try await sql.read { connection in
            let row = try connection.row(
                """
                SELECT (SELECT count(*) FROM targets WHERE agent_id = ?) AS target_count,
                    (SELECT count(*) FROM jobs WHERE agent_id = ?) AS job_count
                """, [.text(agent.string), .text(agent.string)])
            return (try row?.int("target_count") ?? 0, try row?.int("job_count") ?? 0)
        }
    }

    package func listDiscoveries(
        _ text: String, of agent: AgentRecord.ID?, limit: Int
    ) async throws -> [ListedDiscovery] {
        try await sql.read { connection in
            let pattern = ListOrder.pattern(text)
            return try connection.rows(
                """
                SELECT id, name, discovered FROM agents WHERE discovered IS NOT NULL AND discovered <> '[]'
                    AND (lower(discovered) LIKE ? ESCAPE '!' OR lower(name) LIKE ? ESCAPE '!')
                    \(agent == nil ? "" : "AND id = ?")
                ORDER BY name LIMIT ?
                """, [pattern, pattern] + (agent.map { [.text($0.string)] } ?? []) + [SQLValue(limit)]
            ).map { row in
                ListedDiscovery(
                    agentID: .init(try row.text("id")), agentName: try row.text("name"),
                    json: try row.text("discovered"))
            }
        }
    }

    package func lostAgents(limit: Int) async throws -> [AgentRecord] {
        try await sql.read { connection in
            try connection.rows(
                """
                SELECT \(AgentRecord.columns) FROM agents WHERE session_replica IS NULL AND last_seen_at IS NOT NULL
                ORDER BY last_seen_at DESC LIMIT ?
                """, [SQLValue(limit)]
            ).map(AgentRecord.init(row:))
        }
    }

    package func provenTimes(of targets: Set<TargetRecord.ID>) async throws -> [TargetRecord.ID: Date] {
        guard !targets.isEmpty else { return [:] }
        return try await sql.read { connection in
            let rows = try connection.rows(
                """
                SELECT targets.id, \(ListText.provenAt) AS proven_at FROM targets
                WHERE targets.id IN (\(ListOrder.marks(targets.count)))
                """, targets.map { .text($0.string) })
            return try rows.reduce(into: [:]) { times, row in
                times[TargetRecord.ID(try row.text("id"))] = try row.optionalDate("proven_at")
            }
        }
    }

    package func liveRuns(limit: Int) async throws -> [RunRecord] {
        try await sql.read { connection in
            try connection.rows(
                "SELECT * FROM runs WHERE \(RunRecord.isLive) ORDER BY id DESC LIMIT ?", [SQLValue(limit)]
            ).map(RunRecord.init(row:))
        }
    }

    package func lastLogs(of run: BackupID, limit: Int) async throws -> [RunLogLine] {
        try await sql.read { connection in
            try connection.rows(
                "SELECT * FROM run_logs WHERE run_id = ? ORDER BY number DESC LIMIT ?",
                [.text(run.string), SQLValue(limit)]
            ).reversed().map(RunLogLine.init(row:))
        }
    }

    package func names(_ wish: NameWish) async throws -> Names {
        try await sql.read { connection in
            var names = Names()
            names.agents = try connection.names("agents", wish.agents)
            names.targets = try connection.names("targets", wish.targets)
            names.jobs = try connection.names("jobs", wish.jobs)
            return names
        }
    }
}
