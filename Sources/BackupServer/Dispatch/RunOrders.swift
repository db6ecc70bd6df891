internal import BackupControl
internal import BackupCore
internal import BackupFormat
internal import BackupWire
internal import FoundationEssentials

/// Makes what an agent is sent for a run.
struct RunOrders: Sendable {
    /// How long a URL for a part or for reading is good.
    static let linkLifetime = Duration.seconds(3600)
    /// For one PUT of everything: the longest that S3 allows.
    static let longestLifetime = Duration.seconds(7 * 24 * 3600)
    /// Beyond the job's own limit, for waiting in the agent's queue and for attempts after the first.
    static let grace = Duration.seconds(3600)

    let keys: MasterKeys
    let storage: StorageService

    // MARK: Before the agent hears of it

    /// Chooses the format and makes the key. What it says is written down before anything is sent.
    /// - Throws: ``DispatchError/agentTooOld(needs:)``.
    func encryption(of claim: RunClaim, for capabilities: Set<Capability>) throws -> RunRecord.Encryption {
        switch claim.job.encryption {
        case .none: return RunRecord.Encryption()
        case .recipients:
            guard capabilities.isSuperset(of: [.recipients, .formatV2]) else {
                throw DispatchError.agentTooOld(needs: "encryption for recipients")
            }
            return RunRecord.Encryption(recipients: claim.job.recipients, formatVersion: 2)
        case .server:
            let (keyID, wrapped) = try keys.wrap(DataKey.random(), runID: claim.run.id.string)
            return RunRecord.Encryption(
                keyID: keyID, wrappedKey: wrapped, formatVersion: capabilities.contains(.formatV2) ? 2 : 1)
        }
    }

    /// With the attempts that the agent makes by itself, and the time between them.
    func deadline(of claim: RunClaim, at time: Date) -> Date {
        let attempts = max(1, claim.job.retry.maxAttempts)
        let pauses = (1..<max(attempts, 2)).reduce(Duration.zero) { $0 + claim.job.retry.delay(after: $1) }
        return time.addingTimeInterval((claim.job.timeout * attempts + pauses + Self.grace) / .seconds(1))
    }

    // MARK: The message

    /// - Parameter run: as it was dispatched.
    func message(for run: RunRecord, job: JobRecord, capabilities: Set<Capability>, at time: Date) async throws
        -> RunBackup
    {
        let target = try await storage.target(run.storageID)
        let key = try ObjectKey(run.objectKey)
        var order = RunBackup()
        order.jobID = run.jobID.string
        order.runID = run.id.string
        order.isManual = run.trigger == .manual
        order.upload.objectKey = run.objectKey
        try setEncryption(of: run, in: &order)
        order.validation = Self.validation(job.validation, capabilities)
        order.takesFingerprint = order.formatVersion >= 2
        if let uploadID = run.uploadID {
            var plan = MultipartPlan()
            plan.minPartBytes = target.limits.minPartBytes
            plan.maxPartBytes = target.limits.maxPartBytes
            plan.maxParts = UInt32(target.limits.maxParts)
            plan.parts = [part(1, key, uploadID, in: target, at: time)]
            order.multipart = plan
        } else {
            let left = Duration.seconds(run.deadlineAt?.timeIntervalSince(time) ?? 0)
            let lifetime = min(max(left, .seconds(60)), Self.longestLifetime)
            // An agent that knows no headers can't send the one that makes a PUT create-only.
            let isOurs = capabilities.contains(.multipart)
            let url = target.put(key, isCreateOnly: isOurs, lifetime: lifetime, at: time)
            order.upload.url = url.url
            order.upload.headers = url.headers
            order.upload.expiresAtMilliseconds = url.expires?.unixMilliseconds ?? 0
        }
        return order
    }

    func part(
        _ number: Int, _ key: ObjectKey, _ uploadID: String, in target: any UploadTarget, at time: Date
    ) -> PartURL {
        let part = target.part(key, uploadID, number: number, lifetime: Self.linkLifetime, at: time)
        return PartURL(
            number: UInt32(clamping: number), url: part.url.url,
            expiresAtMilliseconds: part.url.expires?.unixMilliseconds ?? 0)
    }

    func download(_ run: RunRecord, lifetime: Duration = linkLifetime, at time: Date) async throws -> DownloadURL {
        let url = try await storage.target(run.storageID).get(
            try ObjectKey(run.objectKey), lifetime: lifetime, at: time)
        return DownloadURL(
            url: url.url, expiresAtMilliseconds: url.expires?.unixMilliseconds ?? 0, objectKey: run.objectKey)
    }

    /// nil for a run that is not encrypted, or whose key the server doesn't have.
    func key(of run: RunRecord) throws -> DataKey? {
        guard let keyID = run.encryption.keyID, let wrapped = run.encryption.wrappedKey else { return nil }
        return try keys.unwrap(wrapped, keyID: keyID, runID: run.id.string)
    }

    private func setEncryption(of run: RunRecord, in order: inout RunBackup) throws {
        order.formatVersion = UInt32(clamping: run.encryption.formatVersion)
        order.recipients = run.encryption.recipients
        guard let key = try key(of: run) else { return }
        order.key = SecretBytes(key.withBytes { Array($0) })
        order.keyID = run.encryption.keyID ?? ""
        if run.encryption.formatVersion >= 2 { order.wrappedKey = run.encryption.wrappedKey ?? [] }
    }

    private static func validation(_ wanted: ReadBack, _ capabilities: Set<Capability>) -> Validation {
        guard capabilities.contains(.validate) else { return .stream }
        return switch wanted {
        case .none, .stream: .stream
        case .firstFrame: .firstFrame
        case .full: .full
        }
    }
}

extension Date {
    var unixMilliseconds: UInt64 { UInt64(max(timeIntervalSince1970, 0) * 1000) }
}
