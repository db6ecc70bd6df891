internal import BackupCore
internal import SwiftProtobuf

extension Job {
    /// 30 days.
    static let longestTimeoutSeconds = 30 * 86400

    init(wire: Backup_V1_BackupJobSpec, notes: inout WireNotes) {
        self.init(
            id: wire.id, targetID: wire.targetID, cron: wire.cron, retentionDays: Int(clamping: wire.retentionDays),
            compression: Compression(wire: wire.compression, notes: &notes), isEncrypted: wire.encryptionEnabled,
            preHooks: wire.preHooks, postHooks: wire.postHooks, retry: Retry(wire: wire.retry),
            timeout: wire.timeoutSec.seconds(most: Self.longestTimeoutSeconds))
    }

    var wire: Backup_V1_BackupJobSpec {
        .with {
            $0.id = id
            $0.targetID = targetID
            $0.cron = cron
            $0.retentionDays = UInt32(clamping: retentionDays)
            $0.compression = Compression.wire(compression)
            $0.encryptionEnabled = isEncrypted
            $0.preHooks = preHooks
            $0.postHooks = postHooks
            $0.retry = retry.wire
            $0.timeoutSec = timeout?.wireSeconds ?? 0
        }
    }
}

extension Job.Retry {
    static let mostAttempts = 100
    static let mostPauses = 100
    /// A day.
    static let longestPauseSeconds = 86400

    init(wire: Backup_V1_RetryPolicy) {
        self.init(
            maxAttempts: wire.maxAttempts.clamped(default: 1, most: Self.mostAttempts),
            backoffSeconds: wire.backoffSeconds.prefix(Self.mostPauses).map {
                min(Int(clamping: $0), Self.longestPauseSeconds)
            })
    }

    var wire: Backup_V1_RetryPolicy {
        .with {
            $0.maxAttempts = UInt32(clamping: maxAttempts)
            $0.backoffSeconds = backoffSeconds.map { UInt32(clamping: $0) }
        }
    }
}
