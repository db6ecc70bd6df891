package import BackupControl
internal import BackupCore
package import FoundationEssentials

extension ControlDatabase: StatusStore {
    package func statusPage() async throws -> StatusPage { try await sql.read { try $0.statusPage() } }

    package func setStatusPage(_ page: StatusPage) async throws {
        let settings = try JSONText.of(page)
        try await sql.write { connection in
            try connection.run(
                """
                INSERT INTO status_page (id, settings) VALUES (1, ?)
                ON CONFLICT (id) DO UPDATE SET settings = excluded.settings
                """, [.text(settings)])
        }
    }

    package func addIncident(_ incident: IncidentRecord) async throws {
        let updates = try JSONText.of(incident.updates)
        try await sql.write { connection in
            try connection.run(
                """
                INSERT INTO incidents (id, title, body, status, impact, updates, started_at, resolved_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """,
                [
                    .text(incident.id.string), .text(incident.title), .text(incident.body),
                    .text(incident.status.rawValue), .text(incident.impact.rawValue), .text(updates),
                    SQLValue(incident.startedAt), SQLValue(incident.resolvedAt),
                ])
            try connection.append(incident, "incident.opened", at: incident.startedAt)
        }
    }

    package func incident(_ id: IncidentRecord.ID) async throws -> IncidentRecord? {
        try await sql.read { connection in
            try connection.row("SELECT * FROM incidents WHERE id = ?", [.text(id.string)])
                .map(IncidentRecord.init(row:))
        }
    }

    package func incidents(_ page: PageRequest) async throws -> Page<IncidentRecord> {
        try await sql.read { connection in
            let rows = try connection.rows(
                "SELECT * FROM incidents WHERE id < ? ORDER BY id DESC LIMIT ?",
                [.text(try page.after() ?? "~"), SQLValue(page.limit + 1)])
            return Page(try rows.map(IncidentRecord.init(row:)), limit: page.limit, id: \.id.string)
        }
    }

    package func updateIncident(_ incident: IncidentRecord) async throws {
        let updates = try JSONText.of(incident.updates)
        try await sql.write { connection in
            let changed = try connection.run(
                """
                UPDATE incidents SET title = ?, body = ?, status = ?, impact = ?, updates = ?, resolved_at = ? WHERE id = ?
                """,
                [
                    .text(incident.title), .text(incident.body), .text(incident.status.rawValue),
                    .text(incident.impact.rawValue), .text(updates), SQLValue(incident.resolvedAt),
                    .text(incident.id.string),
                ])
            guard changed == 1 else { throw ControlError.notFound(kind: "incident", id: incident.id.string) }
            let name = incident.status == .resolved ? "incident.resolved" : "incident.updated"
            try connection.append(incident, name, at: incident.updates.last?.at ?? incident.startedAt)
        }
    }

    package func statusChoices(limit: Int) async throws -> StatusChoices {
        try await sql.read { connection in
            let page = try connection.statusPage()
            let checks = try connection.chosenFirst(
                "health_checks WHERE is_public = 1", page.checks.map(\.string), limit)
            let targets = try connection.chosenFirst("targets", page.targets.map(\.string), limit)
            return StatusChoices(
                page: page,
                checks: try checks.prefix(limit).compactMap { try connection.healthCheck(HealthCheckRecord.ID($0)) },
                targets: try targets.prefix(limit).compactMap { text in
                    let id = TargetRecord.ID(text)
                    return try connection.publicTarget(id).map { (id, $0) }
                }, isCut: checks.count > limit || targets.count > limit)
        }
    }

    package func statusFacts(slug: String, at time: Date) async throws -> StatusFacts? {
        try await sql.read { connection in
            let page = try connection.statusPage()
            guard page.isEnabled, page.slug == slug else { return nil }
            let oldest = time.addingTimeInterval(-90 * 86_400)
            return StatusFacts(
                page: page,
                checks: try page.checks.compactMap { id in
                    guard let check = try connection.healthCheck(id), check.isPublic, check.isEnabled else {
                        return nil
                    }
                    return (check, try connection.healthHours(of: id, from: oldest))
                }, targets: try page.targets.compactMap { try connection.publicTarget($0) },
                incidents: try connection.rows(
                    """
                    SELECT * FROM incidents WHERE started_at > ? OR resolved_at IS NULL ORDER BY started_at DESC LIMIT 50
                    """, [SQLValue(oldest)]
                ).map(IncidentRecord.init(row:)))
        }
    }
}

extension SQLConnection {
    fileprivate func statusPage() throws -> StatusPage {
        try row("SELECT settings FROM status_page WHERE id = 1")?.json("settings") ?? StatusPage()
    }

    fileprivate func append(_ incident: IncidentRecord, _ name: String, at time: Date) throws {
        try append(
            "incidents", name,
            ["incident_id": incident.id.string, "title": incident.title, "status": incident.status.rawValue], at: time)
    }

    /// Ids of a table: these, then the others by name; one more than `limit`, if there are so many.
    fileprivate func chosenFirst(_ table: String, _ ids: [String], _ limit: Int) throws -> [String] {
        let isOther = ids.isEmpty ? "0" : "CASE WHEN id IN (\(ListOrder.marks(ids.count))) THEN 0 ELSE 1 END"
        return try rows(
            "SELECT id, \(isOther) AS is_other FROM \(table) ORDER BY is_other, name, id LIMIT ?",
            ids.map { .text($0) } + [SQLValue(limit + 1)]
        ).map { try $0.text("id") }
    }

    /// - Returns: nil for one that is gone.
    fileprivate func publicTarget(_ id: TargetRecord.ID) throws -> PublicStatus.Target? {
        guard let target = try target(id) else { return nil }
        let jobs = try rows("SELECT * FROM jobs WHERE target_id = ? AND enabled = 1", [.text(id.string)])
            .map(JobRecord.init(row:))
        let last = try row(
            """
            SELECT finished_at FROM runs WHERE target_id = ? AND status = 'success' AND deleted_at IS NULL
            ORDER BY id DESC LIMIT 1
            """, [.text(id.string)])
        let isExpected = jobs.contains { $0.expectedBy != nil }
        let state: PublicStatus.Target.State =
            jobs.contains { $0.lateAlertedAt != nil } ? .late : last != nil && isExpected ? .protected : .unknown
        return PublicStatus.Target(name: target.name, state: state, lastBackupAt: try last?.date("finished_at"))
    }
}

extension IncidentRecord {
    fileprivate init(row: SQLRow) throws {
        self.init(
            id: ID(try row.text("id")), title: try row.text("title"), body: try row.text("body"),
            status: try row.word("status"), impact: try row.word("impact"), updates: try row.json("updates"),
            startedAt: try row.date("started_at"), resolvedAt: try row.optionalDate("resolved_at"))
    }
}
