internal import BackupCore
internal import BackupWire
internal import Logging

/// Makes the restores that the control plane asks for, one after another.
///
/// Unlike a run, a restore is never begun again by itself: its target may hold a part of the backup, and a person decides what
/// becomes of that. Memory: ``largestQueue`` requests, and that of one restore.
actor RestoreExecutor {
    static let largestQueue = 16
    /// How many restores that have ended are still known.
    static let remembered = 200

    private let surroundings: Surroundings
    private let journal: any RestoreJournal
    private let wake = WakeSignal()
    private let ended = WakeSignal()
    private var waiting: [RunRestore] = []
    private var current: (id: String, stop: AsyncStream<RunStop>.Continuation)?
    private var known = RecentIDs(limit: remembered)
    private var isStopping = false

    init(surroundings: Surroundings, journal: any RestoreJournal) {
        self.surroundings = surroundings
        self.journal = journal
    }

    /// Takes up what the journal holds from before: what has not begun is done now, what was going on has failed.
    func resume() async throws {
        for record in try await journal.restores() {
            known.insert(record.restore.restoreID)
            guard record.isRunning else {
                waiting.append(record.restore)
                continue
            }
            let update = Self.update(record.restore, .failed, RunError.interrupted, surroundings, state: .unknown)
            try await journal.end(restoreID: record.restore.restoreID, with: .restoreUpdate(update))
        }
    }

    /// - Returns: nil, or why not.
    /// - Throws: when it could not be made durable.
    func accept(_ restore: RunRestore) async throws -> RunError? {
        guard !isStopping else { return .stopping }
        guard !known.contains(restore.restoreID) else { return nil }
        guard waiting.count < Self.largestQueue else { return .queueFull(waiting.count) }
        try await journal.save(RestoreRecord(restore))
        // Another copy of the request may have come while this one was written.
        guard !known.contains(restore.restoreID) else { return nil }
        known.insert(restore.restoreID)
        waiting.append(restore)
        wake.set()
        return nil
    }

    func cancel(restoreID: String, reason: String) async {
        if current?.id == restoreID { current?.stop.yield(.cancelled(reason: reason)) }
        guard let index = waiting.firstIndex(where: { $0.restoreID == restoreID }) else { return }
        let restore = waiting.remove(at: index)
        await end(
            Self.update(restore, .cancelled, RunError.cancelled(reason), surroundings, state: .unchanged))
    }

    /// Makes one restore after another, until it is cancelled or ``stop(within:)`` has ended it.
    func run(beat: @Sendable () -> Void) async {
        while !Task.isCancelled, !isStopping {
            beat()
            guard !waiting.isEmpty else {
                await wake.wait(until: .now + .seconds(30))
                continue
            }
            await perform(waiting.removeFirst())
            ended.set()
        }
    }

    /// Takes no more, lets the one that goes on end by itself for `grace`, and then ends it in order.
    func stop(within grace: Duration) async {
        isStopping = true
        wake.set()
        let end = ContinuousClock.now + grace
        while current != nil, .now < end { await ended.wait(until: end) }
        current?.stop.yield(.stopping)
    }

    /// After ``stop(within:)``: until the restore that went on has been ended in order.
    func waitUntilIdle() async {
        while current != nil, !Task.isCancelled { await ended.wait(until: .now + .seconds(1)) }
    }

    private func perform(_ restore: RunRestore) async {
        let (stops, continuation) = AsyncStream.makeStream(of: RunStop.self, bufferingPolicy: .bufferingOldest(1))
        current = (restore.restoreID, continuation)
        var log = surroundings.log
        log[metadataKey: "restore_id"] = "\(restore.restoreID)"
        let attempt = RestoreAttempt(restore: restore, surroundings: surroundings)
        var update: RestoreUpdate
        do {
            try await journal.save(RestoreRecord(restore, isRunning: true))
            log.info("restore begins")
            try await Stoppable.run(stops: stops, limit: restore.timeout) { try await attempt.perform() }
            update = Self.update(restore, .success)
            log.info("restore ended", metadata: ["status": "success"])
        } catch RunStop.cancelled(let reason) {
            update = Self.update(restore, .cancelled, RunError.cancelled(reason), surroundings, state: attempt.state)
            log.info("restore ended", metadata: ["status": "cancelled"])
        } catch {
            var failure = error
            if case RunStop.timedOut(let limit) = error { failure = RunError.timedOut(limit) }
            if error as? RunStop == .stopping || error is CancellationError { failure = RunError.stopping }
            update = Self.update(restore, .failed, failure, surroundings, state: attempt.state)
            log.error("restore failed", metadata: ["error": "\(update.error?.message ?? "")"])
        }
        update.bytesDone = attempt.bytesDone
        await end(update)
        current = nil
    }

    private func end(_ update: RestoreUpdate) async {
        while true {
            do {
                try await journal.end(restoreID: update.restoreID, with: .restoreUpdate(update))
                return await surroundings.link.deliverPending()
            } catch {
                surroundings.log.error(
                    "the end of a restore can't be written",
                    metadata: ["restore_id": "\(update.restoreID)", "error": "\(error)"])
            }
            do { try await Task.sleep(for: .seconds(5)) } catch { return }
        }
    }

    static func update(_ restore: RunRestore, _ status: JobStatus) -> RestoreUpdate {
        var update = RestoreUpdate()
        update.restoreID = restore.restoreID
        update.status = status
        update.progressPercent = status == .success ? 100 : 0
        return update
    }

    private static func update(
        _ restore: RunRestore, _ status: JobStatus, _ error: any Error, _ surroundings: Surroundings,
        state: TargetState
    ) -> RestoreUpdate {
        var update = update(restore, status)
        update.error = ErrorReport(error, hiding: surroundings.redaction)
        update.targetState = ((error as? RestoreFailure)?.state ?? state).rawValue
        return update
    }
}
