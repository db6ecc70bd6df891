internal import BackupControl
internal import BackupCore
internal import FoundationEssentials

extension AgentRecord {
    init(row: SQLRow) throws {
        self.init(
            id: ID(try row.text("id")), name: try row.text("name"), maxParallelJobs: try row.int("max_parallel_jobs"),
            logLevel: try row.text("log_level"),
            maintenance: try MaintenanceWindow(row: row),
            isAutoUpdateEnabled: try row.flag("auto_update"), configVersion: try row.size("config_version"),
            appliedVersion: try row.size("applied_version"), createdAt: try row.date("created_at"))
        registration.version = try row.text("version")
        registration.hostname = try row.text("hostname")
        registration.os = try row.text("os")
        registration.arch = try row.text("arch")
        registration.dockerVersion = try row.text("docker_version")
        registration.capabilities = Set(try row.text("capabilities").split(separator: " ").map(String.init))
        session = Session(
            number: try row.integer("session_number"), replica: try row.optionalText("session_replica"),
            connectedAt: try row.optionalDate("connected_at"), lastSeenAt: try row.optionalDate("last_seen_at"))
        if let told = try row.optionalDate("offline_alerted_at") {
            session.isSilent = (session.lastSeenAt ?? .distantPast) <= told
        }
    }

    /// All but what is large.
    static let columns = """
        id, name, max_parallel_jobs, log_level, maintenance_start, maintenance_end, auto_update, config_version, \
        applied_version, version, hostname, os, arch, docker_version, capabilities, session_number, session_replica, \
        connected_at, last_seen_at, offline_alerted_at, created_at
        """
}

extension MaintenanceWindow {
    /// nil for none.
    init?(row: SQLRow) throws {
        self.init(start: try row.text("maintenance_start"), end: try row.text("maintenance_end"))
    }
}
