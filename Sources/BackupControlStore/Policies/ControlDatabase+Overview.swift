package import BackupControl
internal import BackupCore
package import FoundationEssentials

extension ControlDatabase: OverviewStore {
    package func overview(at time: Date) async throws -> Overview {
        try await sql.read { connection in
            var overview = Overview()
            try connection.countThings(into: &overview)
            overview.late = try connection.lateJobs()
            overview.runs = try connection.runs(since: time.addingTimeInterval(-86_400))
            return overview
        }
    }
}

extension SQLConnection {
    fileprivate func countThings(into overview: inout Overview) throws {
        guard let row = try row(Overview.counting) else { return }
        overview.targets = try row.int("targets")
        overview.protectedTargets = try row.int("protected_targets")
        overview.untargeted = try row.int("untargeted")
        overview.agents = try row.int("agents")
        overview.connectedAgents = try row.int("connected_agents")
        overview.lateJobs = try row.int("late_jobs")
        overview.checks = try row.int("checks")
        overview.checksDown = try row.int("checks_down")
        overview.heldTargets = try row.int("held_targets")
        overview.openIncidents = try row.int("open_incidents")
    }

    fileprivate func lateJobs() throws -> [Overview.LateJob] {
        try rows(
            """
            SELECT id, name, agent_id, target_id, expected_by FROM jobs
            WHERE enabled = 1 AND late_alerted_at IS NOT NULL AND expected_by IS NOT NULL ORDER BY expected_by, id LIMIT ?
            """, [SQLValue(Overview.mostLate)]
        ).map { row in
            Overview.LateJob(
                jobID: .init(try row.text("id")), name: try row.text("name"),
                agentID: .init(try row.text("agent_id")), targetID: .init(try row.text("target_id")),
                expectedBy: try row.date("expected_by"))
        }
    }

    fileprivate func runs(since time: Date) throws -> Overview.Runs {
        var runs = Overview.Runs()
        let ended = try rows(
            """
            SELECT status, count(*) AS runs, CAST(COALESCE(sum(size_bytes), 0) AS BIGINT) AS size_bytes FROM runs
            WHERE finished_at >= ? GROUP BY status
            """, [SQLValue(time)])
        for row in ended {
            switch try row.word("status", as: RunRecord.Status.self) {
            case .success:
                runs.succeeded = try row.int("runs")
                runs.storedBytes = try row.size("size_bytes")
            case .failed, .lost: runs.failed += try row.int("runs")
            case .cancelled: runs.cancelled = try row.int("runs")
            case .pending, .dispatched, .running, .uploading, .validating: break
            }
        }
        let live = try row(
            """
            SELECT count(*) AS runs FROM runs
            WHERE status IN ('pending', 'dispatched', 'running', 'uploading', 'validating')
            """)
        runs.live = try live?.int("runs") ?? 0
        return runs
    }
}

extension Overview {
    private static let isLate = "jobs.enabled = 1 AND jobs.late_alerted_at IS NOT NULL"

    /// All numbers of things, in one row. What is asked for each target or job goes by an index.
    package static let counting = """
        SELECT (SELECT count(*) FROM targets) AS targets,
            (SELECT count(*) FROM targets WHERE EXISTS (
                SELECT 1 FROM jobs WHERE jobs.target_id = targets.id AND jobs.enabled = 1 AND jobs.expected_by IS NOT NULL)
                AND NOT EXISTS (SELECT 1 FROM jobs WHERE jobs.target_id = targets.id AND \(isLate))
                AND EXISTS (SELECT 1 FROM runs WHERE runs.target_id = targets.id AND runs.status = 'success'
                    AND runs.deleted_at IS NULL)) AS protected_targets,
            (SELECT CAST(COALESCE(sum(untargeted), 0) AS BIGINT) FROM agents) AS untargeted,
            (SELECT count(*) FROM agents) AS agents,
            (SELECT count(*) FROM agents WHERE session_replica IS NOT NULL) AS connected_agents,
            (SELECT count(*) FROM jobs WHERE \(isLate)) AS late_jobs,
            (SELECT count(*) FROM health_checks WHERE enabled = 1) AS checks,
            (SELECT count(*) FROM health_checks WHERE enabled = 1 AND state = 'down') AS checks_down,
            (SELECT count(*) FROM retention_brakes WHERE approved_until IS NULL) AS held_targets,
            (SELECT count(*) FROM incidents WHERE resolved_at IS NULL) AS open_incidents
        """
}
