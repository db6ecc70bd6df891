internal import BackupAPI
internal import BackupControl
internal import BackupCore
internal import FoundationEssentials
internal import Logging

/// Writes down what agents report on the way. What begins and ends is written by the store itself, in the write that it tells of.
struct StoredEvents: ControlEvents {
    private let store: any EventStore
    private let logger: Logger

    init(store: any EventStore, logger: Logger) {
        self.store = store
        self.logger = logger
    }

    func configurationApplied(_ agent: AgentRecord.ID, version: UInt64) async {
        await append(
            "agents", "agent.config.applied",
            ["agent_id": .text(agent.string), "version": .integer(Int64(clamping: version))])
    }

    func runChanged(_ run: RunRecord) async {
        guard run.status.isLive, run.status != .pending else { return }
        let elapsed = run.startedAt.map { Date().timeIntervalSince($0) } ?? 0
        await append(
            "jobs", "job.progress",
            [
                "run_id": .text(run.id.string), "job_id": .text(run.jobID.string), "status": .text(run.status.rawValue),
                "progress_percent": .integer(Int64(run.progressPercent)), "step": .text(run.step),
                "bytes_done": .integer(Int64(clamping: run.bytesDone)),
                "elapsed_ms": .integer(Int64(max(0, min(elapsed, 1e9)) * 1000)),
            ])
    }

    func restoreChanged(_ restore: RestoreRecord) async {
        guard restore.status.isLive else { return }
        await append(
            "restores", "restore.progress",
            [
                "restore_id": .text(restore.id.string), "run_id": .text(restore.runID.string),
                "status": .text(restore.status.rawValue),
                "progress_percent": .integer(Int64(restore.progressPercent)),
            ])
    }

    /// Whatever is told goes on, whether it could be told or not.
    private func append(_ topic: String, _ name: String, _ data: [String: JSONValue]) async {
        do {
            let json = String(decoding: try APICoding.encoder().encode(data), as: UTF8.self)
            try await store.appendEvent(NewEvent(topic: topic, name: name, data: json), at: Date())
        } catch {
            logger.warning("an event could not be written", error: error)
        }
    }
}
