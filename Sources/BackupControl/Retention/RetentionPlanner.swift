internal import BackupCore
package import FoundationEssentials

/// Decides which backups of one target are kept, and why each of the others may go. No clock, no store: what a preview shows is what is
/// done, because both ask this.
///
/// - Only proven backups come in: they alone are counted, and they alone go.
/// - The newest one stays whatever the policy says, and so does the newest that was read back.
/// - The rules are restic's: going from new to old, each rule keeps the first backup of as many hours, days, ISO weeks, months or years
///   (in UTC) as it says, and a backup goes only when no rule wants it. A job's backups are judged by that job's policy alone.
/// - A backup whose job is gone stays: nobody says for how long.
/// - What a person has marked goes, except for the newest, and is not counted.
package struct RetentionPlanner: Sendable {
    private let policies: [JobRecord.ID: RetentionPolicy]
    private let now: Date

    package init(policies: [JobRecord.ID: RetentionPolicy], now: Date) {
        self.policies = policies
        self.now = now
    }

    /// - Parameter backups: the target's, in any order.
    package func plan(_ backups: [ProvenBackup]) -> RetentionPlan {
        let sorted = backups.sorted { ($0.at, $0.id) > ($1.at, $1.id) }
        var reasons: [BackupID: [RetentionReason]] = [:]
        for (job, own) in Dictionary(grouping: sorted.filter { !$0.isAskedFor }, by: \.jobID) {
            for (id, reason) in wanted(own, of: job) { reasons[id, default: []].append(reason) }
        }
        // What a person has marked protects nothing: there must be another one.
        let staying = sorted.filter { !$0.isAskedFor }
        if let newest = staying.first ?? sorted.first { reasons[newest.id, default: []].insert(.newest, at: 0) }
        if let checked = staying.first(where: \.isReadBack) ?? sorted.first(where: \.isReadBack),
            reasons[checked.id]?.contains(.newest) != true
        {
            reasons[checked.id, default: []].insert(.newestReadBack, at: 0)
        }
        return RetentionPlan(
            keep: sorted.compactMap { backup in reasons[backup.id].map { .init(backup: backup, reasons: $0) } },
            remove: sorted.filter { reasons[$0.id] == nil }.map { .init(backup: $0, why: why($0)) })
    }

    /// What its policy wants of a job's backups, newest first.
    private func wanted(_ backups: [ProvenBackup], of job: JobRecord.ID) -> [(BackupID, RetentionReason)] {
        guard let policy = policies[job] else { return backups.map { ($0.id, .jobGone) } }
        if policy == .everything { return backups.map { ($0.id, .everything) } }
        var wanted: [(BackupID, RetentionReason)] = backups.prefix(max(0, policy.last)).map { ($0.id, .last) }
        let oldest = now.addingTimeInterval(-Double(policy.days) * 86_400)
        if policy.days > 0 { wanted += backups.filter { $0.at > oldest }.map { ($0.id, .days) } }
        for (period, count) in policy.periods where count > 0 {
            var (last, left): (Int?, Int) = (nil, count)
            for backup in backups where left > 0 {
                let bucket = period.bucket(of: backup.at)
                guard bucket != last else { continue }
                (last, left) = (bucket, left - 1)
                wanted.append((backup.id, .period(period)))
            }
        }
        return wanted
    }

    private func why(_ backup: ProvenBackup) -> String {
        guard !backup.isAskedFor, let policy = policies[backup.jobID] else { return ProvenBackup.askedFor }
        return "none of the job's rules wants it (\(policy.words))"
    }
}

extension RetentionPolicy {
    package static let everything = RetentionPolicy(days: 0)

    fileprivate var periods: [(RetentionPeriod, Int)] {
        [(.hour, hourly), (.day, daily), (.week, weekly), (.month, monthly), (.year, yearly)]
    }

    /// `30 days, 7 daily`
    package var words: String {
        let all = [
            (days, "days"), (last, "last"), (hourly, "hourly"), (daily, "daily"), (weekly, "weekly"),
            (monthly, "monthly"), (yearly, "yearly"),
        ]
        return all.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
    }
}
