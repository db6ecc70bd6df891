internal import BackupCore

/// A part of all databases: every part that is named must fit.
struct TargetPattern: Sendable, Equatable {
    var engine: DatabaseEngine?
    var host: Glob?
    var database: Glob?
    /// By name or id; a target outside of containers fits none.
    var container: Glob?

    func matches(_ target: Target) -> Bool {
        if let engine, engine != target.engine { return false }
        if let host, !host.matches(target.host) { return false }
        if let database, !database.matches(target.database) { return false }
        if let container, target.containerID.isEmpty || !container.matches(target.containerID) { return false }
        return true
    }
}
