package import BackupControl

extension ControlDatabase: AuditStore {
    package func appendAudit(_ entry: AuditEntry) async throws {
        try await sql.write { connection in
            _ = try connection.run(
                """
                INSERT INTO audit_log (id, at, actor_kind, actor_id, actor_name, address, action, object_kind, object_id,
                    details) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                [
                    .text(entry.id.string), SQLValue(entry.at), .text(entry.actor.kind.rawValue), .text(entry.actor.id),
                    .text(entry.actor.name), .text(entry.address), .text(entry.action), .text(entry.objectKind),
                    .text(entry.objectID), .text(entry.details),
                ])
        }
    }

    package func audit(_ filter: AuditFilter, _ page: PageRequest) async throws -> Page<AuditEntry> {
        var conditions = ["id \(page.comparison) ?"]
        var arguments: [SQLValue] = [.text(try page.after() ?? page.start)]
        func add(_ condition: String, _ value: SQLValue) {
            if value == .null { return }
            conditions.append(condition)
            arguments.append(value)
        }
        add("object_kind = ?", SQLValue(filter.objectKind))
        add("object_id = ?", SQLValue(filter.objectID))
        add("actor_id = ?", SQLValue(filter.actorID))
        add("at >= ?", SQLValue(filter.from))
        add("at < ?", SQLValue(filter.to))
        let condition = conditions.joined(separator: " AND ")
        let query = "SELECT * FROM audit_log WHERE \(condition) ORDER BY id \(page.order) LIMIT ?"
        let all = arguments + [SQLValue(page.limit + 1)]
        return try await sql.read { connection in
            Page(try connection.rows(query, all).map { try $0.auditEntry() }, limit: page.limit) { $0.id.string }
        }
    }
}

extension SQLRow {
    fileprivate func auditEntry() throws -> AuditEntry {
        AuditEntry(
            id: Identifier(try text("id")), at: try date("at"),
            actor: .init(kind: try word("actor_kind"), id: try text("actor_id"), name: try text("actor_name")),
            address: try text("address"), action: try text("action"), objectKind: try text("object_kind"),
            objectID: try text("object_id"), details: try text("details"))
    }
}
