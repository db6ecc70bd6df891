/// What a hook is told of its run.
package struct HookFacts: Sendable {
    package var runID = ""
    package var jobID = ""
    /// `running` before; `success`, `failed` or `cancelled` after.
    package var status = "running"
    /// As ``DatabaseEngine`` names it.
    package var engine = ""
    /// Empty for a whole server.
    package var database = ""
    package var host = ""
    /// Why it failed; empty when it did not.
    package var error = ""
    /// Where the backup is; empty until it is there.
    package var objectKey = ""

    package init() {}

    func variables(_ stage: HookStage) -> [String: String] {
        [
            "BACKUPY_HOOK": stage == .before ? "pre" : "post", "BACKUPY_RUN_ID": runID, "BACKUPY_JOB_ID": jobID,
            "BACKUPY_STATUS": status, "BACKUPY_ENGINE": engine, "BACKUPY_DATABASE": database, "BACKUPY_HOST": host,
            "BACKUPY_ERROR": error, "BACKUPY_OBJECT_KEY": objectKey,
        ]
        // An environment can't hold a zero byte (execve(2)).
        .mapValues { $0.replacing("\0", with: "") }
    }
}
