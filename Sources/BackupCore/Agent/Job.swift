/// When and how a target is backed up.
package struct Job: Sendable, Equatable {
    /// How often a run that failed is begun again.
    package struct Retry: Sendable, Equatable {
        /// At least 1: the first attempt is one.
        package var maxAttempts: Int
        /// Before the second attempt, the third…; the last one counts for all that follow. Empty: at once.
        package var backoffSeconds: [Int]

        package init(maxAttempts: Int = 1, backoffSeconds: [Int] = []) {
            self.maxAttempts = maxAttempts
            self.backoffSeconds = backoffSeconds
        }

        /// - Parameter attempt: the one that failed, from 1.
        package func delay(after attempt: Int) -> Duration {
            guard let last = backoffSeconds.last else { return .zero }
            return .seconds(backoffSeconds.indices.contains(attempt - 1) ? backoffSeconds[attempt - 1] : last)
        }
    }

    package var id: String
    package var targetID: String
    /// Five fields, UTC; the control plane keeps to it.
    package var cron: String
    package var retentionDays: Int
    /// nil for one that this program doesn't know.
    package var compression: Compression?
    /// Only this turns encryption off, never the absence of a key.
    package var isEncrypted: Bool
    package var preHooks: [String]
    package var postHooks: [String]
    package var retry: Retry
    /// nil for none.
    package var timeout: Duration?

    package init(
        id: String, targetID: String, cron: String = "", retentionDays: Int = 0, compression: Compression? = .zstd,
        isEncrypted: Bool = true, preHooks: [String] = [], postHooks: [String] = [], retry: Retry = Retry(),
        timeout: Duration? = nil
    ) {
        self.id = id
        self.targetID = targetID
        self.cron = cron
        self.retentionDays = retentionDays
        self.compression = compression
        self.isEncrypted = isEncrypted
        self.preHooks = preHooks
        self.postHooks = postHooks
        self.retry = retry
        self.timeout = timeout
    }
}
