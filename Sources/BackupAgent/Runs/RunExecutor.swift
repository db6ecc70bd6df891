internal import BackupCore
internal import BackupWire
internal import FoundationEssentials
internal import Logging

/// Makes the runs that the control plane asks for: each exactly once, whatever happens to the connection or to the agent.
///
/// A run is in the journal before it is acknowledged, and leaves it in the same write that puts its last message into the
/// outbox. Memory: ``RunBook``'s, and that of the runs that go on.
actor RunExecutor {
    /// How often a run is begun again after the agent itself was killed, beyond what its job allows.
    static let interruptions = 3

    private let surroundings: Surroundings
    private let journal: any RunJournal
    private let pause: Duration
    private let wake = WakeSignal()
    private let ended = WakeSignal()
    private var configuration = AgentConfiguration()
    private var book = RunBook()
    private var stops: [String: AsyncStream<RunStop>.Continuation] = [:]
    private var hooks: [String: HookRunner] = [:]
    /// Of the runs in the book, as the journal has them.
    private var records: [String: RunRecord] = [:]
    /// Cancelled before they began, and the disk did not take it.
    private var unwritten: [(run: RunBackup, messages: [AgentMessage])] = []
    private var lastOrder: UInt64 = 0
    private var isStopping = false
    private let started = ContinuousClock.now

    /// - Parameter pause: before what could not be written is written again.
    init(surroundings: Surroundings, journal: any RunJournal, pause: Duration = PatientWrite.pause) {
        self.surroundings = surroundings
        self.journal = journal
        self.pause = pause
    }

    var runningJobIDs: [String] { book.runningJobIDs }
    var queueDepth: Int { book.waitingCount }

    // MARK: What comes from outside

    func apply(_ configuration: AgentConfiguration) {
        self.configuration = configuration
        wake.set()
    }

    /// Takes up what the journal holds from before.
    ///
    /// A run that was going on when the agent was killed is begun again where its credentials still hold and its upload can
    /// still be used; else it ends, so that the control plane can ask for it anew.
    func resume() async throws {
        let (open, ended) = try await journal.runs()
        try await journal.forget(ended.dropLast(RunBook.remembered))
        book = RunBook(ended: ended.suffix(RunBook.remembered))
        for var record in open {
            lastOrder = max(lastOrder, record.order)
            let most = max(configuration.job(record.run.jobID)?.retry.maxAttempts ?? 1, 1) + Self.interruptions
            let wasKilled = record.phase != .waiting
            let goesOn = !wasKilled || record.phase == .running && record.attempt < most && holds(record.run)
            if wasKilled, goesOn { record.attempt += 1 }
            records[record.run.runID] = record
            book.add(record.run, attempt: record.attempt)
            if !goesOn { try await end(record.run, messages(record.run, .failed, RunError.interrupted)) }
        }
    }

    /// Takes a run on. The same one twice is one.
    /// - Returns: nil, or why not.
    /// - Throws: when it could not be made durable: it is not acknowledged then, and will come again.
    func accept(_ run: RunBackup) async throws -> RunError? {
        guard !isStopping else { return .stopping }
        switch book.acceptance(of: run.runID) {
        case .known: return nil
        case .full: return .queueFull(RunBook.largestQueue)
        case .new: break
        }
        lastOrder += 1
        let record = RunRecord(run, order: lastOrder)
        records[run.runID] = record
        // Known from here, but not begun: another copy may come while this one is written.
        book.add(run, isHeld: true)
        do {
            try await journal.save(record)
        } catch {
            records[run.runID] = nil
            book.forget(run.runID)
            throw error
        }
        book.release(run.runID)
        wake.set()
        return nil
    }

    func cancel(jobID: String) async { await cancel(reason: "") { $0.jobID == jobID } }
    func cancel(runID: String, reason: String) async { await cancel(reason: reason) { $0.runID == runID } }

    /// Never waits for a disk that is full: who calls reads from the control plane.
    private func cancel(reason: String, _ isMeant: @Sendable (RunBackup) -> Bool) async {
        for (run, isRunning) in book.runs(where: isMeant) {
            if isRunning {
                stops[run.runID]?.yield(.cancelled(reason: reason))
            } else {
                // Not to be begun while its end is written.
                book.hold(run.runID)
                let messages = messages(run, .cancelled, RunError.cancelled(reason))
                do {
                    try await end(run, messages)
                } catch {
                    cannotWrite(run, error)
                    unwritten.append((run, messages))
                    wake.set()
                }
            }
        }
    }

    // MARK: The loop

    /// Begins runs as they come due, until it is cancelled or ``stop(within:)`` has ended them.
    func run(beat: @Sendable () -> Void) async {
        await withDiscardingTaskGroup { group in
            while !Task.isCancelled, !isStopping {
                beat()
                for start in book.begin(at: .now - started, minute: Self.minute(of: Date()), under: configuration) {
                    let (stream, continuation) = AsyncStream.makeStream(
                        of: RunStop.self, bufferingPolicy: .bufferingOldest(1))
                    stops[start.run.runID] = continuation
                    group.addTask { await self.perform(start, stops: stream) }
                }
                for (run, messages) in unwritten { group.addTask { await self.close(run, messages) } }
                unwritten = []
                surroundings.metrics.setQueueDepth(book.waitingCount)
                let now = ContinuousClock.now - started
                let pause = book.nextAttempt(after: now).map { $0 - now } ?? .seconds(30)
                await wake.wait(until: .now + min(max(pause, .milliseconds(10)), .seconds(30)))
            }
        }
    }

    /// Takes no more runs, lets those that go on end by themselves for `grace`, and then ends them in order.
    func stop(within grace: Duration) async {
        isStopping = true
        wake.set()
        let end = ContinuousClock.now + grace
        while !stops.isEmpty, .now < end { await ended.wait(until: end) }
        for continuation in stops.values { continuation.yield(.stopping) }
    }

    /// After ``stop(within:)``: until every run has been ended in order, which its hooks and its tools bound.
    func waitUntilIdle() async {
        while !stops.isEmpty, !Task.isCancelled { await ended.wait(until: .now + .seconds(1)) }
    }

    // MARK: One run

    private func perform(_ start: RunBook.Start, stops: AsyncStream<RunStop>) async {
        let run = start.run
        var log = surroundings.log
        log[metadataKey: "run_id"] = "\(run.runID)"
        log[metadataKey: "job_id"] = "\(run.jobID)"
        let began = ContinuousClock.now
        do {
            try await save(run) { $0.phase = .running }
            let attempt = try attempt(start)
            log.info("run begins", metadata: ["attempt": "\(start.attempt)"])
            let completed = try await attempt.perform(until: stops)
            log.info("run ended", metadata: ["status": "success", "size_bytes": "\(completed.sizeBytes)"])
            surroundings.metrics.countRun(
                jobID: run.jobID, status: "success", duration: .now - began, size: completed.sizeBytes)
            await close(run, [.backupCompleted(completed)])
        } catch {
            await failed(start, error, after: .now - began, log: log)
        }
        self.stops[run.runID] = nil
        wake.set()
        ended.set()
    }

    private func attempt(_ start: RunBook.Start) throws -> RunAttempt {
        guard let job = configuration.job(start.run.jobID) else { throw RunError.unknownJob(start.run.jobID) }
        guard let target = configuration.target(job.targetID) else { throw RunError.unknownTarget(job.targetID) }
        guard holds(start.run) else { throw RunError.credentialsExpired }
        let runner =
            hooks[start.run.runID]
            ?? HookRunner(
                isAllowed: surroundings.settings.allowsHooks, policy: surroundings.policy,
                dockerSocket: surroundings.settings.dockerSocket, environment: surroundings.environment,
                redaction: surroundings.redaction)
        hooks[start.run.runID] = runner
        return RunAttempt(
            run: start.run, attempt: start.attempt, job: job, target: target, hooks: runner,
            surroundings: surroundings
        ) {
            try await self.save(start.run) { $0.phase = .completing }
        }
    }

    private func failed(_ start: RunBook.Start, _ error: any Error, after duration: Duration, log: Logger) async {
        let run = start.run
        let failure = RunStop.reason(of: error)
        if case RunError.cancelled = failure {
            log.info("run ended", metadata: ["status": "cancelled"])
            surroundings.metrics.countRun(jobID: run.jobID, status: "cancelled", duration: duration, size: nil)
            return await close(run, messages(run, .cancelled, failure))
        }
        let report = ErrorReport(failure, hiding: surroundings.redaction)
        log.error(
            "run failed",
            metadata: ["attempt": "\(start.attempt)", "error": "\(report.message)", "code": "\(report.code)"])
        let retry = configuration.job(run.jobID)?.retry ?? Job.Retry()
        let delay = retry.delay(after: start.attempt)
        let isUploadUsed = records[run.runID]?.phase == .completing
        let mayTryAgain = report.recovery == Recovery.retry.rawValue && !isStopping && !isUploadUsed
        guard mayTryAgain, start.attempt < retry.maxAttempts, holds(run, in: delay) else {
            surroundings.metrics.countRun(jobID: run.jobID, status: "failed", duration: duration, size: nil)
            return await close(run, messages(run, .failed, failure))
        }
        do {
            try await save(run) { record in
                record.phase = .waiting
                record.attempt += 1
            }
        } catch {
            // It goes on all the same; a kill now would only count this attempt twice.
            log.error("the agent's state can't be written", metadata: ["error": "\(error)"])
        }
        book.again(run.runID, notBefore: .now - started + delay)
        await surroundings.link.post(.jobUpdate(update(run, .queued, report)), correlationID: "")
    }

    /// Whether what the run uploads with is still good, by the address's own clock at least.
    private func holds(_ run: RunBackup, in delay: Duration = .zero) -> Bool {
        guard run.multipart == nil, let expires = Date(unixMilliseconds: run.upload.expiresAtMilliseconds) else {
            return true
        }
        return expires > Date().addingTimeInterval(delay / .seconds(1))
    }

    // MARK: Ends

    private func messages(_ run: RunBackup, _ status: JobStatus, _ error: any Error) -> [AgentMessage] {
        let report = ErrorReport(error, hiding: surroundings.redaction)
        let last = AgentMessage.jobUpdate(update(run, status, report))
        return run.multipart == nil ? [last] : [.abortUpload(runID: run.runID, reason: report.message), last]
    }

    /// Ends a run for good. A full disk must not make it end twice, nor never: it counts as going on until it is written, and
    /// where that does not happen until the agent has stopped, the next start finds it as it was.
    private func close(_ run: RunBackup, _ messages: [AgentMessage]) async {
        _ = await PatientWrite.run(pause: pause, isStopping: { isStopping }, failed: { cannotWrite(run, $0) }) {
            try await end(run, messages)
        }
    }

    private func end(_ run: RunBackup, _ messages: [AgentMessage]) async throws {
        var record = records[run.runID] ?? RunRecord(run, order: lastOrder)
        record.phase = .ended
        try await journal.end(record, with: messages)
        records[run.runID] = nil
        hooks[run.runID] = nil
        if let old = book.end(run.runID) {
            do {
                try await journal.forget([old])
            } catch {
                // This one has ended all the same; the old one is forgotten at the next start.
                surroundings.log.warning("the agent's state can't be written", metadata: ["error": "\(error)"])
            }
        }
        await surroundings.link.deliverPending()
    }

    private func cannotWrite(_ run: RunBackup, _ error: any Error) {
        surroundings.log.error(
            "the end of a run can't be written", metadata: ["run_id": "\(run.runID)", "error": "\(error)"])
    }

    private func save(_ run: RunBackup, _ change: (inout RunRecord) -> Void) async throws {
        var record = records[run.runID] ?? RunRecord(run, order: lastOrder)
        change(&record)
        records[run.runID] = record
        try await journal.save(record)
    }

    private func update(_ run: RunBackup, _ status: JobStatus, _ error: ErrorReport) -> JobUpdate {
        var update = JobUpdate()
        update.jobID = run.jobID
        update.runID = run.runID
        update.status = status
        update.attempt = UInt32(clamping: records[run.runID]?.attempt ?? 1)
        update.error = error
        return update
    }

    private static func minute(of date: Date) -> Int {
        let seconds = Int(date.timeIntervalSince1970)
        return (seconds / 60) % (24 * 60)
    }
}
