package import BackupControl
package import BackupCore
package import FoundationEssentials

/// Making and reading runs. What works on them is in ControlDatabase+Claims.swift and
/// ControlDatabase+RunWork.swift, what they log in ControlDatabase+RunLogs.swift.
extension ControlDatabase: RunStore {
    // MARK: Making

    package func makeDueRuns(
        at time: Date, limit: Int, id: @escaping @Sendable (JobRecord) -> BackupID,
        decide: @escaping @Sendable (JobRecord, MaintenanceWindow?) -> SlotDecision
    ) async throws -> [ScheduledSlot] {
        try await sql.write { connection in
            let due = try connection.rows(
                """
                SELECT jobs.*, agents.maintenance_start, agents.maintenance_end FROM jobs JOIN agents ON agents.id = jobs.agent_id
                WHERE jobs.next_due_at IS NOT NULL AND jobs.next_due_at <= ? AND jobs.enabled = 1
                ORDER BY jobs.next_due_at LIMIT ? \(connection.dialect.skipLocked("jobs"))
                """, [SQLValue(time), SQLValue(limit)])
            let slots = try due.compactMap { row -> ScheduledSlot? in
                let job = try JobRecord(row: row)
                switch decide(job, try MaintenanceWindow(row: row)) {
                case .run(let next): return try connection.makeRun(for: job, id: id(job), next: next, at: time)
                case .wait(let end):
                    try connection.run(
                        "UPDATE jobs SET next_due_at = ? WHERE id = ?", [SQLValue(end), .text(job.id.string)])
                    return nil
                }
            }
            if slots.contains(where: { if case .made = $0.outcome { true } else { false } }) {
                try connection.tell(.work)
            }
            return slots
        }
    }

    package func addRun(_ run: RunRecord, answering answer: KeptAnswer?) async throws {
        try await sql.write { connection in
            try connection.keep(answer)
            guard try connection.insert(run) else {
                throw ControlError.conflict("a run of this job is going on: wait for it, or cancel it")
            }
            try connection.tell(.work)
        }
    }

    // MARK: Reading

    package func run(_ id: BackupID) async throws -> RunRecord? { try await sql.read { try $0.run(id) } }

    package func runs(_ filter: RunFilter, _ page: PageRequest) async throws -> Page<RunRecord> {
        try await sql.read { connection in
            let query = try RunQuery(filter, page)
            let rows = try connection.rows(query.sql, query.arguments)
            return Page(try rows.map(RunRecord.init(row:)), limit: page.limit, id: \.id.string)
        }
    }
}

/// The list of runs. Ids sort by time, so pages go by id, and times become bounds of it; for each combination of filters
/// there is an index that has its rows in this order.
package struct RunQuery {
    package private(set) var sql: String
    package private(set) var arguments: [SQLValue] = []

    /// - Throws: ``ControlError/invalid(field:reason:)`` for a cursor that is none.
    package init(_ filter: RunFilter, _ page: PageRequest) throws {
        var conditions: [String] = []
        func add(_ condition: String, _ value: SQLValue, to arguments: inout [SQLValue]) {
            conditions.append(condition)
            arguments.append(value)
        }
        // The narrowest one alone finds the index, as an agent has its targets, and a target its jobs. The others are hidden from the
        // planner, which might choose the index of the widest.
        let things = [
            ("job_id", filter.jobID?.string), ("target_id", filter.targetID?.string),
            ("agent_id", filter.agentID?.string),
        ].compactMap { column, id in id.map { (column: column, id: $0) } }
        for (place, thing) in things.enumerated() {
            add("\(thing.column)\(place == 0 ? "" : " || ''") = ?", .text(thing.id), to: &arguments)
        }
        if let status = filter.status { add("status = ?", .text(status.rawValue), to: &arguments) }
        if let from = filter.from { add("id >= ?", .text(Self.bound(from)), to: &arguments) }
        if let to = filter.to { add("id < ?", .text(Self.bound(to)), to: &arguments) }
        if let after = try page.after() { add("id \(page.comparison) ?", .text(after), to: &arguments) }
        let condition = conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ")
        sql = "SELECT * FROM runs \(condition) ORDER BY id \(page.order) LIMIT ?"
        arguments.append(SQLValue(page.limit + 1))
    }

    /// Lies before every id of this second, and behind every one of the second before.
    static func bound(_ time: Date) -> String {
        let time = UTCTime(time)
        return "\(time.compactDate)-\(time.compactTime)-"
    }
}

extension SQLConnection {
    func run(_ id: BackupID) throws -> RunRecord? {
        try row("SELECT * FROM runs WHERE id = ?", [.text(id.string)]).map(RunRecord.init(row:))
    }

    /// - Returns: false where one of the job is live, or its slot was run already.
    func insert(_ run: RunRecord) throws -> Bool {
        try self.run(
            """
            INSERT INTO runs (id, job_id, agent_id, target_id, storage_id, status, trigger_kind, slot_at, attempt, retry_of,
                not_before, compression, engine, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT DO NOTHING
            """,
            [
                .text(run.id.string), .text(run.jobID.string), .text(run.agentID.string), .text(run.targetID.string),
                .text(run.storageID.string), .text(run.status.rawValue), .text(run.trigger.rawValue),
                SQLValue(run.slotAt),
                SQLValue(run.attempt), SQLValue(run.retryOf?.string), SQLValue(run.notBefore),
                .text(run.compression.rawValue), .text(run.engine.rawValue), SQLValue(run.createdAt),
            ]) == 1
    }

    fileprivate func makeRun(for job: JobRecord, id: BackupID, next: Date?, at time: Date) throws -> ScheduledSlot {
        let slot = job.nextDueAt ?? time
        try run("UPDATE jobs SET next_due_at = ? WHERE id = ?", [SQLValue(next), .text(job.id.string)])
        guard let target = try target(job.targetID) else {
            throw ControlError.notFound(kind: "target", id: job.targetID.string)
        }
        let run = RunRecord(
            id: id, jobID: job.id, agentID: job.agentID, targetID: job.targetID, storageID: job.storageID,
            trigger: .schedule, slotAt: slot, notBefore: time, compression: job.compression, engine: target.engine,
            createdAt: time)
        return ScheduledSlot(job: job, slotAt: slot, outcome: try insert(run) ? .made(run) : .skipped)
    }
}
