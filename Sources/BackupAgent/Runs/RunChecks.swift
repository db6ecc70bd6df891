internal import BackupCore
internal import BackupFormat
internal import BackupPipeline
internal import BackupWire

/// What must hold before a run touches its database.
enum RunChecks {
    /// How a backup is to be encrypted, if the job and what came with the run agree.
    ///
    /// Only the job turns encryption off: "no key came, so none is needed" would make a server's mistake plaintext in a
    /// bucket.
    /// - Throws: ``RunError``, ``FormatError/badRecipient(_:)``.
    static func encryption(of run: RunBackup, for job: Job) throws -> RunPlan.Encryption {
        let hasKey = !run.key.isEmpty || !run.wrappedKey.isEmpty
        guard job.isEncrypted else {
            guard !hasKey, run.recipients.isEmpty else { throw RunError.keyUnwanted(job: job.id) }
            return .off
        }
        guard hasKey || !run.recipients.isEmpty else { throw RunError.keyMissing(job: job.id) }
        guard run.recipients.isEmpty else {
            guard !hasKey else { throw RunError.recipientsWithKey }
            return .recipients(try run.recipients.map { text throws(FormatError) in try X25519Recipient(text) })
        }
        guard let key = DataKey(run.key.revealed) else { throw RunError.keyMalformed }
        guard run.formatVersion >= 2 else { return .v1(key) }
        let stanza = Stanza(type: "server", arguments: [run.keyID], body: run.wrappedKey)
        return .v2(key, server: stanza)
    }
}
