internal import BackupControl
internal import BackupCore
internal import BackupDashboard
internal import FoundationEssentials

extension RunRow {
    init(_ run: RunRecord, _ names: Names, now: Date) {
        let seconds =
            run.stored?.duration.inSeconds ?? run.finishedAt?.timeIntervalSince(run.startedAt ?? run.createdAt)
        self.init(
            id: run.id.string, jobID: run.jobID.string, jobName: names.of(job: run.jobID), agentID: run.agentID.string,
            agentName: names.of(agent: run.agentID), targetName: names.of(target: run.targetID),
            engine: run.engine.rawValue, status: run.status, trigger: run.trigger, createdAt: run.createdAt,
            seconds: run.status.isLive ? nil : seconds, sizeBytes: run.stored?.sizeBytes,
            progress: run.status.isLive ? RunMeter(run, now: now) : nil, error: run.failure?.words ?? "",
            isDeleted: run.deletedAt != nil || run.deleteMarkedAt != nil)
    }
}

extension RunRecord.Failure {
    /// One line; the code where there are no words.
    var words: String { message.isEmpty ? code : message }
}

extension RunMeter {
    /// Speed and time left are those of the whole run so far: agents report bytes and percents.
    init(_ run: RunRecord, now: Date) {
        let elapsed = run.startedAt.map { now.timeIntervalSince($0) } ?? 0
        self.init(
            percent: run.progressPercent, stage: run.stage, bytesDone: run.bytesDone,
            bytesPerSecond: elapsed >= 1 ? UInt64(Double(run.bytesDone) / elapsed) : nil,
            secondsLeft: Self.left(run.progressPercent, after: elapsed))
    }

    init(_ restore: RestoreRecord, now: Date) {
        let elapsed = restore.startedAt.map { now.timeIntervalSince($0) } ?? 0
        self.init(
            percent: restore.progressPercent, stage: restore.step, bytesDone: restore.bytesDone,
            secondsLeft: Self.left(restore.progressPercent, after: elapsed))
    }

    /// Nil at the beginning, where it would be a guess.
    private static func left(_ percent: Int, after elapsed: Double) -> Double? {
        guard (5...99).contains(percent), elapsed >= 2 else { return nil }
        return elapsed * Double(100 - percent) / Double(percent)
    }
}

extension RunRecord {
    /// As pages call it. Old agents don't say it, and a run's state only moves on; its step may go back and forth.
    fileprivate var stage: String {
        switch step {
        case "pre_hooks", "post_hooks": "hooks"
        case "dumping": "dump"
        case "compressing": "compress"
        case "uploading": "upload"
        case "validating": "validate"
        default: status.stage
        }
    }
}

extension RunRecord.Status {
    fileprivate var stage: String {
        switch self {
        case .running: "dump"
        case .uploading: "upload"
        case .validating: "validate"
        case .pending, .dispatched, .success, .failed, .cancelled, .lost: ""
        }
    }
}
