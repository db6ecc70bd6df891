internal import BackupAPI
internal import BackupControl
internal import BackupCore

/// What a request says of a job, put into its record.
struct JobChange {
    private let settings: JobSettings

    init(_ settings: JobSettings) { self.settings = settings }

    /// - Throws: ``APIError`` for what can't be so together.
    func apply(to job: inout JobRecord) throws {
        if let name = settings.name { job.name = name }
        if let isEnabled = settings.isEnabled { job.isEnabled = isEnabled }
        if let cron = settings.cron { job.cron = cron }
        if let jitter = settings.jitterS { job.jitter = .seconds(jitter) }
        if let word = settings.compression.flatMap(Compression.init(rawValue:)) { job.compression = word }
        if let word = settings.encryption.flatMap(JobRecord.Encryption.init(rawValue:)) { job.encryption = word }
        if let recipients = settings.recipients { job.recipients = recipients }
        if let retention = settings.retention { job.retention = RetentionPolicy(retention) }
        if let hooks = settings.preHooks { job.preHooks = hooks }
        if let hooks = settings.postHooks { job.postHooks = hooks }
        if let attempts = settings.maxAttempts { job.retry.maxAttempts = attempts }
        if let backoff = settings.backoffS { job.retry.backoffSeconds = backoff }
        if let timeout = settings.timeoutS { job.timeout = .seconds(timeout) }
        if let word = settings.validation.flatMap(ReadBack.init(rawValue:)) { job.validation = word }
        if job.encryption == .recipients, job.recipients.isEmpty {
            throw APIError.conflict("with encryption 'recipients' there must be one")
        }
    }
}

extension RetentionPolicy {
    fileprivate init(_ document: RetentionDocument) {
        self.init(
            days: document.days, last: document.last, hourly: document.hourly, daily: document.daily,
            weekly: document.weekly, monthly: document.monthly, yearly: document.yearly)
    }
}

extension JobDocument {
    init(_ job: JobRecord) {
        let retention = RetentionDocument(
            days: job.retention.days, last: job.retention.last, hourly: job.retention.hourly,
            daily: job.retention.daily, weekly: job.retention.weekly, monthly: job.retention.monthly,
            yearly: job.retention.yearly)
        self.init(
            id: job.id.string, agentID: job.agentID.string, targetID: job.targetID.string,
            storageID: job.storageID.string, name: job.name, isEnabled: job.isEnabled, cron: job.cron,
            jitterS: Int(job.jitter.components.seconds), nextDueAt: job.nextDueAt, expectedBy: job.expectedBy,
            isLate: job.lateAlertedAt != nil, compression: job.compression.rawValue,
            encryption: job.encryption.rawValue, recipients: job.recipients, retention: retention,
            preHooks: job.preHooks, postHooks: job.postHooks, maxAttempts: job.retry.maxAttempts,
            backoffS: job.retry.backoffSeconds, timeoutS: Int(job.timeout.components.seconds),
            validation: job.validation.rawValue, createdAt: job.createdAt)
    }
}
