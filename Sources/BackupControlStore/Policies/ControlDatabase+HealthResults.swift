package import BackupControl
internal import BackupCore
package import FoundationEssentials

/// What health checks have found: single results, sums, states, news.
extension ControlDatabase {
    package func recordHealth(
        _ observations: [HealthObservation], from agent: AgentRecord.ID, at time: Date
    ) async throws {
        try await sql.write { connection in
            // In one order, so that two who write many don't wait for each other.
            for observation in observations.sorted(by: { ($0.checkID, $0.at) < ($1.checkID, $1.at) }) {
                try connection.record(observation.within(time), from: agent, at: time)
            }
        }
    }
}

extension SQLConnection {
    fileprivate func record(_ observation: HealthObservation, from agent: AgentRecord.ID, at time: Date) throws {
        let oldest = time.addingTimeInterval(-HealthRetention.results.inSeconds)
        guard observation.at > oldest, var check = try healthCheck(observation.checkID, forUpdate: true),
            check.agentID == agent, try insert(observation)
        else { return }
        try add(observation, of: check)
        guard check.isEnabled, observation.at > check.lastResultAt ?? .distantPast else { return }
        let news = HealthMachine.after(observation, &check)
        try run(
            "UPDATE health_checks SET state = ?, state_since = ?, failures = ?, last_result_at = ? WHERE id = ?",
            [
                .text(check.state.rawValue), SQLValue(check.stateSince), SQLValue(check.failures),
                SQLValue(check.lastResultAt), .text(check.id.string),
            ])
        guard let news else { return }
        try append(
            "incidents", news == .wentDown ? "incident.check_down" : "incident.check_up",
            ["check_id": check.id.string, "agent_id": agent.string, "name": check.name], at: time)
        try notify(.check(news, check, observation))
    }

    /// - Returns: false where it is there already.
    private func insert(_ observation: HealthObservation) throws -> Bool {
        try run(
            """
            INSERT INTO health_results (check_id, at, ok, latency_ms, status_code, error) VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT DO NOTHING
            """,
            [
                .text(observation.checkID.string), SQLValue(observation.at), SQLValue(observation.isUp),
                .integer(observation.latency.milliseconds), SQLValue(observation.statusCode),
                .text(String(observation.error.prefix(Notice.longestText))),
            ]) == 1
    }

    private func add(_ observation: HealthObservation, of check: HealthCheckRecord) throws {
        let hour = observation.at.milliseconds / 3_600_000 * 3_600_000
        try run(
            """
            INSERT INTO health_hours (check_id, hour, ok_count, failed_count, latency_sum_ms, covered_s)
            VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (check_id, hour) DO UPDATE SET
                ok_count = health_hours.ok_count + excluded.ok_count,
                failed_count = health_hours.failed_count + excluded.failed_count,
                latency_sum_ms = health_hours.latency_sum_ms + excluded.latency_sum_ms,
                covered_s = health_hours.covered_s + excluded.covered_s
            """,
            [
                .text(check.id.string), .integer(hour), SQLValue(observation.isUp), SQLValue(!observation.isUp),
                .integer(observation.latency.milliseconds),
                .integer(min(check.interval.components.seconds, 3600)),
            ])
    }
}

extension HealthObservation {
    /// An agent's clock may be wrong; a time that is yet to come would stand before all others for ever.
    fileprivate func within(_ now: Date) -> HealthObservation {
        guard at > now.addingTimeInterval(60) else { return self }
        return HealthObservation(
            checkID: checkID, at: now, isUp: isUp, latency: latency, statusCode: statusCode, error: error)
    }
}
