package import BackupControl
internal import BackupCore
package import FoundationEssentials

extension ControlDatabase: AgentStore {
    package func addAgent(_ agent: AgentRecord, keyHash: [UInt8]) async throws {
        try await sql.write { connection in
            try connection.unique("an agent named '\(agent.name)' is there already") {
                try connection.run(
                    """
                    INSERT INTO agents (id, name, key_hash, max_parallel_jobs, log_level, maintenance_start, maintenance_end,
                        auto_update, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                    [
                        .text(agent.id.string), .text(agent.name), .bytes(keyHash), SQLValue(agent.maxParallelJobs),
                        .text(agent.logLevel), .text(agent.maintenance?.startText ?? ""),
                        .text(agent.maintenance?.endText ?? ""), SQLValue(agent.isAutoUpdateEnabled),
                        SQLValue(agent.createdAt),
                    ])
            }
        }
    }

    package func agent(_ id: AgentRecord.ID) async throws -> AgentRecord? {
        try await sql.read { try $0.agent(id) }
    }

    package func agents(_ page: PageRequest) async throws -> Page<AgentRecord> {
        try await sql.read { connection in
            let rows = try connection.rows(
                "SELECT \(AgentRecord.columns) FROM agents WHERE id > ? ORDER BY id LIMIT ?",
                [.text(try page.after() ?? ""), SQLValue(page.limit + 1)])
            return Page(try rows.map(AgentRecord.init(row:)), limit: page.limit, id: \.id.string)
        }
    }

    package func agent(keyHash: [UInt8]) async throws -> AgentRecord? {
        try await sql.read { connection in
            try connection.row("SELECT \(AgentRecord.columns) FROM agents WHERE key_hash = ?", [.bytes(keyHash)])
                .map(AgentRecord.init(row:))
        }
    }

    package func updateAgent(_ agent: AgentRecord) async throws {
        try await sql.write { connection in
            try connection.unique("an agent named '\(agent.name)' is there already") {
                let changed = try connection.run(
                    """
                    UPDATE agents SET name = ?, max_parallel_jobs = ?, log_level = ?, maintenance_start = ?,
                        maintenance_end = ?, auto_update = ? WHERE id = ?
                    """,
                    [
                        .text(agent.name), SQLValue(agent.maxParallelJobs), .text(agent.logLevel),
                        .text(agent.maintenance?.startText ?? ""), .text(agent.maintenance?.endText ?? ""),
                        SQLValue(agent.isAutoUpdateEnabled), .text(agent.id.string),
                    ])
                guard changed == 1 else { throw ControlError.notFound(kind: "agent", id: agent.id.string) }
            }
            try connection.raiseConfiguration(of: agent.id)
        }
    }

    package func setAgentKey(_ id: AgentRecord.ID, keyHash: [UInt8]) async throws {
        try await sql.write { connection in
            let changed = try connection.run(
                "UPDATE agents SET key_hash = ? WHERE id = ?", [.bytes(keyHash), .text(id.string)])
            guard changed == 1 else { throw ControlError.notFound(kind: "agent", id: id.string) }
            try connection.tell(.key(id))
        }
    }

    package func deleteAgent(_ id: AgentRecord.ID) async throws {
        try await sql.write { connection in
            try connection.refuseWhileLive("agent_id", id.string)
            guard try connection.run("DELETE FROM agents WHERE id = ?", [.text(id.string)]) == 1 else {
                throw ControlError.notFound(kind: "agent", id: id.string)
            }
            try connection.tell(.key(id))
        }
    }

    package func agentPlan(_ id: AgentRecord.ID) async throws -> AgentPlan? {
        try await sql.read { connection in
            guard let agent = try connection.agent(id) else { return nil }
            func all(_ columns: String, _ table: String) throws -> [SQLRow] {
                try connection.rows(
                    "SELECT \(columns) FROM \(table) WHERE agent_id = ? ORDER BY id", [.text(id.string)])
            }
            return AgentPlan(
                agent: agent, targets: try all("*", "targets").map(TargetRecord.init(row:)),
                jobs: try all("*", "jobs").map(JobRecord.init(row:)),
                healthChecks: try all("*", "health_checks").map(HealthCheckRecord.init(row:)))
        }
    }

    // MARK: Sessions

    package func beginSession(
        _ id: AgentRecord.ID, replica: String, registration: AgentRecord.Registration, at time: Date
    ) async throws -> AgentRecord? {
        try await sql.write { connection in
            // Whoever was about to send it something had a connection that is over. First the runs, then the agent, as claims do it.
            try connection.run(
                """
                UPDATE runs SET claimed_by = NULL, lease_until = NULL
                WHERE agent_id = ? AND status = 'pending' AND lease_until IS NOT NULL
                """, [.text(id.string)])
            try connection.run(
                """
                UPDATE restores SET lease_until = NULL
                WHERE agent_id = ? AND status = 'pending' AND lease_until IS NOT NULL
                """, [.text(id.string)])
            let row = try connection.row(
                """
                UPDATE agents SET session_number = session_number + 1, session_replica = ?, connected_at = ?, last_seen_at = ?,
                    version = ?, hostname = ?, os = ?, arch = ?, docker_version = ?, capabilities = ?
                WHERE id = ? RETURNING \(AgentRecord.columns)
                """,
                [
                    .text(replica), SQLValue(time), SQLValue(time), .text(registration.version),
                    .text(registration.hostname), .text(registration.os), .text(registration.arch),
                    .text(registration.dockerVersion),
                    .text(registration.capabilities.sorted().joined(separator: " ")), .text(id.string),
                ])
            guard let agent = try row.map(AgentRecord.init(row:)) else { return nil }
            try connection.append("agents", "agent.connected", ["agent_id": id.string, "name": agent.name], at: time)
            try connection.tell(.session(id, number: agent.session.number))
            return agent
        }
    }

    package func endSession(_ id: AgentRecord.ID, number: Int64) async throws {
        try await sql.write { connection in
            let row = try connection.row(
                """
                UPDATE agents SET session_replica = NULL WHERE id = ? AND session_number = ? AND session_replica IS NOT NULL
                RETURNING name
                """,
                [.text(id.string), .integer(number)])
            guard let name = try row?.text("name") else { return }
            try connection.append("agents", "agent.disconnected", ["agent_id": id.string, "name": name], at: Date())
        }
    }

    package func endSessions(ofReplica replica: String) async throws {
        try await sql.write { connection in
            let rows = try connection.rows(
                "UPDATE agents SET session_replica = NULL WHERE session_replica = ? RETURNING id, name",
                [.text(replica)])
            for row in rows {
                try connection.append(
                    "agents", "agent.disconnected", ["agent_id": try row.text("id"), "name": try row.text("name")],
                    at: Date())
            }
        }
    }

    package func recordSightings(_ sightings: [AgentSighting]) async throws {
        try await sql.write { connection in
            // In one order, so that two who write many don't wait for each other.
            for sighting in sightings.sorted(by: { $0.agentID < $1.agentID }) {
                try connection.run(
                    "UPDATE agents SET last_seen_at = ?, applied_version = ?, metrics = ? WHERE id = ?",
                    [
                        SQLValue(sighting.at), SQLValue(sighting.appliedVersion), .text(sighting.metrics),
                        .text(sighting.agentID.string),
                    ])
            }
        }
    }

    package func setDiscovered(_ id: AgentRecord.ID, _ containers: [FoundContainer]) async throws {
        let json = try JSONText.of(containers)
        try await sql.write { connection in
            try connection.run("UPDATE agents SET discovered = ? WHERE id = ?", [.text(json), .text(id.string)])
            try connection.countUntargeted(of: id)
            try connection.append("agents", "agent.discovered", ["agent_id": id.string], at: Date())
        }
    }

    package func discovered(_ id: AgentRecord.ID) async throws -> String? { try await large("discovered", of: id) }
    package func metrics(_ id: AgentRecord.ID) async throws -> String? { try await large("metrics", of: id) }

    private func large(_ column: String, of id: AgentRecord.ID) async throws -> String? {
        try await sql.read { connection in
            try connection.row("SELECT \(column) FROM agents WHERE id = ?", [.text(id.string)])?.optionalText(column)
        }
    }
}

extension SQLConnection {
    func agent(_ id: AgentRecord.ID) throws -> AgentRecord? {
        try row("SELECT \(AgentRecord.columns) FROM agents WHERE id = ?", [.text(id.string)]).map(
            AgentRecord.init(row:))
    }

    /// Counts anew what the agent has found and that is no target: whenever either has changed.
    ///
    /// The transaction must have written the agent's row, so that of a report and a new target the second one to be written sees both.
    func countUntargeted(of id: AgentRecord.ID) throws {
        let row = try row("SELECT discovered FROM agents WHERE id = ? AND discovered IS NOT NULL", [.text(id.string)])
        guard let row else { return }
        let targets = try rows("SELECT * FROM targets WHERE agent_id = ?", [.text(id.string)])
        // What another version has written, and this one can't read, is as if nothing was found: the agent reports again.
        let found = (try? row.json("discovered", as: [FoundContainer].self)) ?? []
        let count = Coverage.untargeted(found, targets: try targets.map(TargetRecord.init(row:)))
        try run("UPDATE agents SET untargeted = ? WHERE id = ?", [SQLValue(count), .text(id.string)])
    }

    /// What the agent shall do has changed.
    func raiseConfiguration(of id: AgentRecord.ID) throws {
        let row = try row(
            "UPDATE agents SET config_version = config_version + 1 WHERE id = ? RETURNING config_version",
            [.text(id.string)])
        guard let version = try row?.size("config_version") else { return }
        try tell(.configuration(id, version: version))
    }

    func tell(_ word: ReplicaWord) throws { try wake(word.topic) }

    /// Whether an agent's newest session is still this one. A new one waits until this transaction has ended, and then finds what it
    /// has written.
    func holdsSession(_ number: Int64, of agent: AgentRecord.ID) throws -> Bool {
        let row = try row(
            "SELECT session_number FROM agents WHERE id = ? \(dialect.forUpdate)", [.text(agent.string)])
        return try row?.integer("session_number") == number
    }

    /// A name that is taken is told as the person meant it.
    @discardableResult
    func unique<R>(_ conflict: String, _ body: () throws -> R) throws -> R {
        do { return try body() } catch ControlStoreError.duplicate { throw ControlError.conflict(conflict) }
    }

    /// - Throws: ``ControlError/conflict(_:)`` while a run of it is live.
    func refuseWhileLive(_ column: String, _ id: String) throws {
        let live = try row("SELECT id FROM runs WHERE \(column) = ? AND \(RunRecord.isLive) LIMIT 1", [.text(id)])
        if let run = try live?.text("id") { throw ControlError.conflict("its run \(run) is going on: cancel it first") }
    }
}
