package import BackupControl
internal import BackupCore
internal import FoundationEssentials

extension SQLConnection {
    /// Makes a notice for all channels that want it, in the transaction of what it tells of.
    package func notify(_ notice: Notice) throws {
        guard try notice.kind == .test || !mutedKinds().contains(notice.kind) else { return }
        let body = try JSONText.of(notice)
        var isNew = false
        for row in try rows("SELECT * FROM notification_channels WHERE enabled = 1 ORDER BY id LIMIT 1000") {
            let channel = try ChannelRecord(row: row)
            guard channel.wants(notice.kind) else { continue }
            if try insert(notice, body, for: channel.id) { isNew = true }
        }
        if isNew { try wake("notifications") }
    }

    func mutedKinds() throws -> Set<Notice.Kind> {
        let words = try row("SELECT value FROM settings WHERE name = 'muted_notices'")?.text("value") ?? ""
        return Set(words.split(separator: " ").compactMap { Notice.Kind(rawValue: String($0)) })
    }

    /// - Returns: false where it was told there already.
    func insert(_ notice: Notice, _ body: String, for channel: ChannelRecord.ID) throws -> Bool {
        var random = SystemRandomNumberGenerator()
        return try run(
            """
            INSERT INTO notifications (id, dedup_key, channel_id, kind, body, next_attempt_at, created_at)
            VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
            """,
            [
                .text(Delivery.ID(at: notice.at, using: &random).string), .text(notice.dedupKey),
                .text(channel.string), .text(notice.kind.rawValue), .text(body), SQLValue(notice.at),
                SQLValue(notice.at),
            ]) == 1
    }

    /// A run that failed for good, and the first success after that or after its backup was late.
    func tellPeople(ofEnd run: RunRecord, isRetried: Bool, at time: Date) throws {
        let isSuccess = run.status == .success
        guard isSuccess || (run.status == .failed || run.status == .lost) && !isRetried,
            let job = try job(run.jobID), try !isSuccess || job.lateAlertedAt != nil || hadFailed(before: run),
            let agent = try agent(run.agentID), let target = try target(run.targetID)
        else { return }
        let names = (job: job.name, target: target.name, agent: agent.name)
        try notify(
            isSuccess
                ? .runRecovered(run, job: names.job, target: names.target, agent: names.agent, at: time)
                : .runFailed(run, job: names.job, target: names.target, agent: names.agent, at: time))
    }

    private func hadFailed(before run: RunRecord) throws -> Bool {
        let before = try row(
            """
            SELECT status FROM runs WHERE job_id = ? AND id < ? AND status IN ('success', 'failed', 'lost')
            ORDER BY id DESC LIMIT 1
            """, [.text(run.jobID.string), .text(run.id.string)])
        return try before.map { try $0.word("status", as: RunRecord.Status.self) != .success } ?? false
    }
}
