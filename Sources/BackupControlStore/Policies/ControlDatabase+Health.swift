package import BackupControl
internal import BackupCore
package import FoundationEssentials

extension ControlDatabase: HealthStore {
    package func addHealthCheck(_ check: HealthCheckRecord) async throws {
        try await sql.write { connection in
            guard try connection.agent(check.agentID) != nil else {
                throw ControlError.notFound(kind: "agent", id: check.agentID.string)
            }
            try connection.unique("a check named '\(check.name)' is there already") {
                try connection.run(
                    """
                    INSERT INTO health_checks (name, kind, target, interval_s, timeout_s, expected_status, expected_text, enabled,
                        is_public, id, agent_id, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                    check.settings + [
                        .text(check.id.string), .text(check.agentID.string), SQLValue(check.createdAt),
                    ])
            }
            try connection.raiseConfiguration(of: check.agentID)
        }
    }

    package func healthCheck(_ id: HealthCheckRecord.ID) async throws -> HealthCheckRecord? {
        try await sql.read { try $0.healthCheck(id) }
    }

    package func healthChecks(
        of agent: AgentRecord.ID?, _ page: PageRequest
    ) async throws -> Page<HealthCheckRecord> {
        try await sql.read { connection in
            let rows = try connection.rows(
                "SELECT * FROM health_checks WHERE id > ? \(agent == nil ? "" : "AND agent_id = ?") ORDER BY id LIMIT ?",
                [.text(try page.after() ?? "")] + (agent.map { [.text($0.string)] } ?? []) + [SQLValue(page.limit + 1)])
            return Page(try rows.map(HealthCheckRecord.init(row:)), limit: page.limit, id: \.id.string)
        }
    }

    package func updateHealthCheck(_ check: HealthCheckRecord, at time: Date) async throws {
        try await sql.write { connection in
            try connection.unique("a check named '\(check.name)' is there already") {
                let changed = try connection.run(
                    """
                    UPDATE health_checks SET name = ?, kind = ?, target = ?, interval_s = ?, timeout_s = ?, expected_status = ?,
                        expected_text = ?, enabled = ?, is_public = ? WHERE id = ?
                    """, check.settings + [.text(check.id.string)])
                guard changed == 1 else { throw ControlError.notFound(kind: "health check", id: check.id.string) }
            }
            if !check.isEnabled { try connection.forgetState(of: check.id, at: time) }
            try connection.raiseConfiguration(of: check.agentID)
        }
    }

    package func deleteHealthCheck(_ id: HealthCheckRecord.ID) async throws {
        try await sql.write { connection in
            let row = try connection.row(
                "DELETE FROM health_checks WHERE id = ? RETURNING agent_id", [.text(id.string)])
            guard let row else { throw ControlError.notFound(kind: "health check", id: id.string) }
            try connection.raiseConfiguration(of: .init(try row.text("agent_id")))
        }
    }

    package func healthResults(
        of check: HealthCheckRecord.ID, _ page: PageRequest
    ) async throws -> Page<HealthObservation> {
        try await sql.read { connection in
            let rows = try connection.rows(
                "SELECT * FROM health_results WHERE check_id = ? AND at < ? ORDER BY at DESC LIMIT ?",
                [
                    .text(check.string), .integer(try page.after().flatMap { Int64($0) } ?? .max),
                    SQLValue(page.limit + 1),
                ])
            return Page(try rows.map(HealthObservation.init(row:)), limit: page.limit) { "\($0.at.milliseconds)" }
        }
    }

    package func healthHours(of check: HealthCheckRecord.ID, from: Date) async throws -> [HealthHour] {
        try await sql.read { try $0.healthHours(of: check, from: from) }
    }

    package func pruneHealth(resultsBefore: Date, hoursBefore: Date) async throws {
        for (table, column, time) in [
            ("health_results", "at", resultsBefore), ("health_hours", "hour", hoursBefore),
        ] {
            let batch = 5000
            while try await sql.write({ connection in
                try connection.run(
                    """
                    DELETE FROM \(table) WHERE (check_id, \(column)) IN (
                        SELECT check_id, \(column) FROM \(table) WHERE \(column) < ? ORDER BY \(column) LIMIT ?)
                    """, [SQLValue(time), SQLValue(batch)])
            }) == batch {}
        }
    }
}

extension SQLConnection {
    func healthCheck(_ id: HealthCheckRecord.ID, forUpdate: Bool = false) throws -> HealthCheckRecord? {
        try row("SELECT * FROM health_checks WHERE id = ? \(forUpdate ? dialect.forUpdate : "")", [.text(id.string)])
            .map(HealthCheckRecord.init(row:))
    }

    /// Nobody looks any more.
    fileprivate func forgetState(of check: HealthCheckRecord.ID, at time: Date) throws {
        try run(
            """
            UPDATE health_checks SET state = 'unknown', state_since = ?, failures = 0
            WHERE id = ? AND (state <> 'unknown' OR failures > 0)
            """, [SQLValue(time), .text(check.string)])
    }

    /// Of 400 days there are fewer than 10,000.
    func healthHours(of check: HealthCheckRecord.ID, from: Date) throws -> [HealthHour] {
        try rows(
            "SELECT * FROM health_hours WHERE check_id = ? AND hour >= ? ORDER BY hour LIMIT 10000",
            [.text(check.string), SQLValue(from)]
        ).map(HealthHour.init(row:))
    }
}

extension HealthHour {
    init(row: SQLRow) throws {
        self.init(
            hour: try row.date("hour"), up: try row.int("ok_count"), down: try row.int("failed_count"),
            latencySum: .milliseconds(try row.integer("latency_sum_ms")), coveredSeconds: try row.int("covered_s"))
    }
}

extension HealthCheckRecord {
    /// All that a person may change, in the order of the statements above.
    fileprivate var settings: [SQLValue] {
        [
            .text(name), .text(kind.word), .text(target), SQLValue(seconds: interval), SQLValue(seconds: timeout),
            SQLValue(optional: expectedStatus), .text(expectedText), SQLValue(isEnabled), SQLValue(isPublic),
        ]
    }
}

extension HealthObservation {
    fileprivate init(row: SQLRow) throws {
        self.init(
            checkID: .init(try row.text("check_id")), at: try row.date("at"), isUp: try row.flag("ok"),
            latency: .milliseconds(try row.integer("latency_ms")), statusCode: try row.int("status_code"),
            error: try row.text("error"))
    }
}
