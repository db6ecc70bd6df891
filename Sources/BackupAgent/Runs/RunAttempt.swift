internal import BackupCore
internal import BackupDrivers
internal import BackupPipeline
internal import BackupStorage
internal import BackupWire
internal import FoundationEssentials
internal import Logging

/// One attempt at a run: checks, hooks, the backup itself, hooks again.
struct RunAttempt: Sendable {
    let run: RunBackup
    let attempt: Int
    let job: Job
    let target: Target
    /// Of the whole run, whose hooks share a time limit.
    let hooks: HookRunner
    let surroundings: Surroundings
    /// Called before the upload's parts become an object, after which no other attempt can use them.
    let willComplete: @Sendable () async throws -> Void

    /// What `stops` and the job's time limit end is the backup. Once that is complete, nobody takes it back: post-hooks were
    /// told of it.
    /// - Throws: ``RunStop``, or the first thing that went wrong. Nothing is left in the store then, but parts of the run's
    ///   upload.
    func perform(until stops: AsyncStream<RunStop>) async throws -> BackupCompleted {
        let encryption = try await checked()
        do {
            let completed = try await Stoppable.run(stops: stops, limit: job.timeout) {
                try await before()
                return try await backUp(encryption)
            }
            await after("success", objectKey: completed.objectKey)
            return completed
        } catch {
            let reason = RunStop.reason(of: error)
            let report = ErrorReport(reason, hiding: surroundings.redaction)
            var status = "failed"
            if case RunError.cancelled = reason { status = "cancelled" }
            await after(status, error: report.message)
            throw error
        }
    }

    // MARK: Before the database is touched

    private func checked() async throws -> RunPlan.Encryption {
        let encryption = try RunChecks.encryption(of: run, for: job)
        guard job.compression != nil else { throw RunError.unknownCompression(job: job.id) }
        _ = try await TargetConnector(surroundings: surroundings).allowed(target)
        if run.multipart == nil {
            guard !run.upload.url.revealed.isEmpty else { throw RunError.noDestination }
            try surroundings.policy.check(uploadTo: run.upload.url)
        }
        for part in run.multipart?.parts ?? [] { try surroundings.policy.check(uploadTo: part.url) }
        try hooks.check(job.preHooks, .before)
        try hooks.check(job.postHooks, .after)
        return encryption
    }

    private func before() async throws {
        guard !job.preHooks.isEmpty else { return }
        await progress.post(step: "pre_hooks")
        await TargetConnector(surroundings: surroundings).learnSecret(of: target)
        let outcomes = try await hooks.runUntilFailure(job.preHooks, facts: facts)
        log(outcomes)
        if let error = outcomes.last?.error { throw error }
    }

    // MARK: The backup

    private func backUp(_ encryption: RunPlan.Encryption) async throws -> BackupCompleted {
        let started = ContinuousClock.now
        let connector = TargetConnector(surroundings: surroundings)
        let driver = try await connector.driver(for: connector.allowed(target))
        let store = try store()
        let plan = try plan(encryption)
        let shown = Progress()
        let outcome = try await withThrowingTaskGroup(of: RunOutcome?.self) { group in
            group.addTask {
                try await RunService(driver: driver, store: store, progress: shown).run(plan, now: Date())
            }
            group.addTask {
                await progress.follow(shown)
                return nil
            }
            defer { group.cancelAll() }
            while let finished = try await group.next() { if let finished { return finished } }
            throw CancellationError()
        }
        for stage in outcome.stages {
            surroundings.metrics.countStage(
                stage.stage.rawValue, bytes: stage.bytes, busy: .milliseconds(Int64(stage.busySeconds * 1000)))
        }
        return try completed(outcome, plan: plan, in: .now - started)
    }

    private func plan(_ encryption: RunPlan.Encryption) throws -> RunPlan {
        var plan = RunPlan(
            objectKey: try ObjectKey(run.upload.objectKey), runID: run.runID, encryption: encryption)
        plan.jobID = job.id
        plan.compression = job.compression ?? .zstd
        plan.takesFingerprint = run.takesFingerprint
        plan.readBack =
            switch run.validation {
            case .stream: .none
            case .firstFrame: .firstFrame
            case .full: .all
            }
        return plan
    }

    private func store() throws -> any ObjectStore {
        let broker = LinkUploadBroker(
            run: run, link: surroundings.link, policy: surroundings.policy, willComplete: willComplete)
        guard let multipart = run.multipart else {
            return try PresignedPutStore(
                PresignedURL(run.upload), spool: surroundings.spool, transport: surroundings.transport,
                download: { try await broker.downloadURL() })
        }
        let limits = UploadLimits(
            minPartBytes: multipart.minPartBytes, maxPartBytes: multipart.maxPartBytes,
            maxParts: Int(multipart.maxParts))
        return try PresignedMultipartStore(
            limits, parts: broker.freshParts, broker: broker, transport: surroundings.transport)
    }

    private func completed(_ outcome: RunOutcome, plan: RunPlan, in duration: Duration) throws -> BackupCompleted {
        var completed = BackupCompleted()
        completed.jobID = job.id
        completed.runID = run.runID
        completed.objectKey = run.upload.objectKey
        completed.sizeBytes = outcome.storedSize
        completed.sha256 = outcome.sha256
        completed.durationMilliseconds = UInt64(max(duration / .milliseconds(1), 0))
        completed.keyID = run.keyID
        completed.encryptedKey = run.key.revealed
        completed.compression = plan.compression.rawValue
        completed.engineVersion = outcome.engineVersion
        completed.formatVersion =
            switch plan.encryption {
            case .off: 0
            case .v1: 1
            case .v2, .recipients: 2
            }
        completed.dumpSizeBytes = outcome.dumpSize
        completed.manifest = try outcome.manifestBytes() ?? []
        completed.validated =
            switch outcome.validated {
            case .none: .stream
            case .firstFrame, .ends: .firstFrame
            case .all: .full
            }
        return completed
    }

    // MARK: Afterwards

    /// Post-hooks run whatever has happened, also when the agent's tasks are cancelled; so in a task of their own, which is
    /// awaited. Their limits bound it.
    private func after(_ status: String, objectKey: String = "", error: String = "") async {
        guard !job.postHooks.isEmpty else { return }
        await progress.post(step: "post_hooks")
        var facts = facts
        facts.status = status
        facts.objectKey = objectKey
        facts.error = error
        let ended = facts
        await Task {
            do {
                log(try await hooks.runAll(job.postHooks, facts: ended))
            } catch {
                let report = ErrorReport(error, hiding: surroundings.redaction)
                surroundings.log.warning("post-hooks did not run", metadata: ["error": "\(report.message)"])
            }
        }.value
    }

    private var progress: RunProgress { RunProgress(run: run, attempt: attempt, link: surroundings.link) }

    private var facts: HookFacts {
        var facts = HookFacts()
        facts.runID = run.runID
        facts.jobID = job.id
        facts.engine = target.engine?.rawValue ?? ""
        facts.database = target.database
        facts.host = target.host
        return facts
    }

    private func log(_ outcomes: [HookOutcome]) {
        for outcome in outcomes {
            var metadata: Logger.Metadata = [
                "run_id": "\(run.runID)", "job_id": "\(job.id)", "output": "\(outcome.output)",
                "duration_ms": "\(Int64(outcome.duration / .milliseconds(1)))",
            ]
            if let error = outcome.error {
                metadata["error"] = "\(error.message)"
                surroundings.log.warning("\(outcome.name) failed", metadata: metadata)
            } else {
                surroundings.log.info("\(outcome.name) ended", metadata: metadata)
            }
        }
    }
}
