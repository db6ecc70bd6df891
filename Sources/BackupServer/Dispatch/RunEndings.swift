internal import BackupControl
internal import BackupCore
internal import FoundationEssentials
internal import Logging

/// Ends runs: one write, and then what is left of them in the store.
struct RunEndings: Sendable {
    let stores: DispatchStores
    let storage: StorageService
    let events: any ControlEvents
    let logger: Logger
    /// What failed runs have left, taken away one after another: a store that can't be reached, or whose keys may not delete, is no
    /// reason not to hear what agents say. What finds no place here, or can't be taken away, is tried again by the sweep.
    let cleaning = GatewayWork(workers: 8, waiting: 1000)

    /// Ends a run, unless it has ended. What is not a success is then taken out of the store, see ``clear(_:)``.
    /// - Throws: when it could not be written; called again, that is done.
    @discardableResult
    func end(_ id: BackupID, agent: AgentRecord.ID?, _ ending: RunEnding) async throws -> RunRecord? {
        let now = Date()
        let finished = try await stores.runs.finish(id, agent: agent, ending, at: now) { job, window in
            SchedulePlanner.times(job, window: window, after: now)?.expectedBy
        }
        guard let (run, isFirst) = finished else { return nil }
        if isFirst { await changed(run) }
        if run.status != .success { clear(run) }
        return run
    }

    func changed(_ run: RunRecord) async { await events.runChanged(run) }

    /// Takes away, soon, the upload of a run that has ended without success, and its object: without a manifest it is no backup, and
    /// nobody would ever count it or delete it.
    func clear(_ run: RunRecord) {
        guard !run.objectKey.isEmpty else { return }
        clean(run) {
            try await RunLeftovers(runs: stores.runs) { try await storage.target($0) }.remove(of: run, at: Date())
        }
    }

    /// Takes away, soon, the parts that a run has uploaded. An object that they have become stays: the run may still end well.
    func abandonUpload(of run: RunRecord) {
        guard let uploadID = run.uploadID else { return }
        clean(run) { try await storage.target(run.storageID).abort(try ObjectKey(run.objectKey), uploadID) }
    }

    private func clean(_ run: RunRecord, _ body: @escaping @Sendable () async throws -> Void) {
        let isTaken = cleaning.submit {
            do {
                try await body()
            } catch {
                logger.warning(
                    "what a failed run has left in its store is still there", error: error,
                    metadata: ["run_id": "\(run.id)"])
            }
        }
        if !isTaken {
            logger.warning(
                "what a failed run has left in its store is still there: too much waits to be taken away",
                metadata: ["run_id": "\(run.id)"])
        }
    }
}

extension RunRecord.Failure {
    init(_ error: any Error) {
        let known = error as? any BackupError
        self.init(
            code: known?.code ?? "server.unexpected", message: known?.message ?? "something unexpected went wrong",
            hint: known?.hint ?? "look at the server's log")
    }
}
