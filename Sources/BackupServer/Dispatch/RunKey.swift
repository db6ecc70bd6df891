internal import BackupControl
internal import BackupCore
internal import BackupFormat

/// Where a run's object stands in its store: `AGENT/TARGET/YYYY/MM/DD/RUN.EXTENSION`, and its manifest beside it. Runs' ids begin with
/// their day.
enum RunKey {
    static func object(
        of run: RunRecord, target: TargetRecord, agentName: String, isEncrypted: Bool
    ) throws(CoreError) -> ObjectKey {
        let scope: DatabaseScope = target.database.isEmpty && target.engine != .sqlite ? .server : .database
        let suffix = run.engine.dumpExtension(scope) + run.compression.fileSuffix + (isEncrypted ? ".backupy" : "")
        return try ObjectKey(stem(agentName, target.name, run.id) + "." + suffix)
    }

    /// Whose object it is; nil for what no run is stored under.
    static func run(of key: ObjectKey) -> BackupID? {
        let name = key.string.split(separator: "/").last ?? ""
        return try? BackupID(String(name.prefix { $0 != "." }))
    }

    /// Of an object that was stored under `key`.
    static func manifest(of run: RunRecord) throws(CoreError) -> ObjectKey {
        let folder = run.objectKey.split(separator: "/").dropLast().joined(separator: "/")
        return try ObjectKey("\(folder)/\(run.id).manifest.json")
    }

    private static func stem(_ agent: String, _ target: String, _ id: BackupID) -> String {
        let day = id.string
        return "\(KeySegment.of(agent))/\(KeySegment.of(target))/\(day.prefix(4))/\(day.dropFirst(4).prefix(2))/"
            + "\(day.dropFirst(6).prefix(2))/\(day)"
    }
}
