package import BackupCore
package import BackupControl

/// The runs that an agent has begun, compared with what its heartbeats say that it does.
///
/// A run whose job is missing in three heartbeats in a row is forgotten by its agent: its state was lost, or it is another agent now.
/// One heartbeat is not enough, because the end of a run may be on its way. Memory: as many as the agent may have at once.
package struct WatchedRuns: Sendable {
    package static let patience = 3
    static let largestCount = 256

    private var runs: [BackupID: (job: JobRecord.ID, missed: Int)] = [:]

    package init() {}

    package mutating func began(_ run: BackupID, job: JobRecord.ID) {
        guard runs.count < Self.largestCount || runs[run] != nil else { return }
        runs[run] = (job, 0)
    }

    package mutating func ended(_ run: BackupID) { runs[run] = nil }

    /// - Returns: those that are forgotten, each once.
    package mutating func heartbeat(activeJobs: Set<String>) -> [BackupID] {
        var forgotten: [BackupID] = []
        for (id, run) in runs {
            if activeJobs.contains(run.job.string) {
                runs[id]?.missed = 0
            } else if run.missed + 1 >= Self.patience {
                runs[id] = nil
                forgotten.append(id)
            } else {
                runs[id]?.missed += 1
            }
        }
        return forgotten
    }
}
