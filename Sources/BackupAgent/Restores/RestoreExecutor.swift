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
    private let pause: Duration
    private let wake = WakeSignal()
    private let ended = WakeSignal()
    private var waiting: [RestoreRecord] = []
    /// Cancelled before they began, and the disk did not take it.
    private var unwritten: [(record: RestoreRecord, update: RestoreUpdate)] = []
    private var current: (id: String, stop: AsyncStream<RunStop>.Continuation)?
    private var known = RecentIDs(limit: remembered)
    private var lastOrder: UInt64 = 0
    private var isStopping = false

    /// - Parameter pause: before what could not be written is written again.
    init(surroundings: Surroundings, journal: any RestoreJournal, pause: Duration = PatientWrite.pause) {
        self.surroundings = surroundings
        self.journal = journal
        self.pause = pause
    }

    /// Takes up what the journal holds from before: what has not begun is done now, what was going on has failed.
    func resume() async throws {
        for record in try await journal.restores() {
            lastOrder = max(lastOrder, record.order)
            await remember(record.restore.restoreID)
            switch record.phase {
            case .ended: break
            case .waiting: waiting.append(record)
            case .running:
                let update = Self.update(record.restore, .failed, RunError.interrupted, surroundings, state: .unknown)
                try await end(record, update)
            }
        }
    }

    /// - Returns: nil, or why not.
    /// - Throws: when it could not be made durable.
    func accept(_ restore: RunRestore) async throws -> RunError? {
        guard !isStopping else { return .stopping }
        guard !known.contains(restore.restoreID) else { return nil }
        guard waiting.count < Self.largestQueue else { return .queueFull(waiting.count) }
        lastOrder += 1
        let record = RestoreRecord(restore, order: lastOrder)
        try await journal.save(record)
        // Another copy of the request may have come while this one was written.
        guard !known.contains(restore.restoreID) else { return nil }
        await remember(restore.restoreID)
        waiting.append(record)
        wake.set()
        return nil
    }

    /// Never waits for a disk that is full: who calls reads from the control plane.
    func cancel(restoreID: String, reason: String) async {
        if current?.id == restoreID { current?.stop.yield(.cancelled(reason: reason)) }
        guard let index = waiting.firstIndex(where: { $0.restore.restoreID == restoreID }) else { return }
        let record = waiting.remove(at: index)
        let update = Self.update(
            record.restore, .cancelled, RunError.cancelled(reason), surroundings, state: .unchanged)
        do {
            try await end(record, update)
        } catch {
            cannotWrite(record, error)
            unwritten.append((record, update))
            wake.set()
        }
    }

    /// Makes one restore after another, until it is cancelled or ``stop(within:)`` has ended it.
    /// - Parameter beat: called at least once in `interval`, also while a restore goes on: that may take hours, and its
    ///   own time limit ends it.
    func run(every interval: Duration = .seconds(30), beat: @escaping @Sendable () -> Void) async {
        while !Task.isCancelled, !isStopping {
            beat()
            if !unwritten.isEmpty {
                let (record, update) = unwritten.removeFirst()
                await close(record, update)
            } else if !waiting.isEmpty {
                let record = waiting.removeFirst()
                await withTaskGroup(of: Void.self) { group in
                    group.addTask {
                        // Cancelled is as good as over.
                        while (try? await Task.sleep(for: interval)) != nil { beat() }
                    }
                    await perform(record)
                    group.cancelAll()
                }
                ended.set()
            } else {
                await wake.wait(until: .now + interval)
            }
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

    private func perform(_ record: RestoreRecord) async {
        let restore = record.restore
        let (stops, continuation) = AsyncStream.makeStream(of: RunStop.self, bufferingPolicy: .bufferingOldest(1))
        current = (restore.restoreID, continuation)
        defer { current = nil }
        var log = surroundings.log
        log[metadataKey: "restore_id"] = "\(restore.restoreID)"
        let attempt = RestoreAttempt(restore: restore, surroundings: surroundings)
        var record = record
        var update: RestoreUpdate
        do {
            record.phase = .running
            try await journal.save(record)
            log.info("restore begins")
            let doubt = try await Stoppable.run(stops: stops, limit: restore.timeout) { try await attempt.perform() }
            update = Self.update(restore, .success)
            if let doubt {
                log.warning("restored without a proof", metadata: ["missing": "\(doubt)"])
                update.currentStep = "restored without a proof: \(doubt)"
            }
            log.info("restore ended", metadata: ["status": "success"])
        } catch RunStop.cancelled(let reason) {
            update = Self.update(restore, .cancelled, RunError.cancelled(reason), surroundings, state: attempt.state)
            log.info("restore ended", metadata: ["status": "cancelled"])
        } catch {
            update = Self.update(
                restore, .failed, RunStop.reason(of: error), surroundings, state: attempt.state)
            log.error("restore failed", metadata: ["error": "\(update.error?.message ?? "")"])
        }
        update.bytesDone = attempt.bytesDone
        await close(record, update)
    }

    // MARK: Ends

    /// Ends a restore for good. Where a full disk does not let it until the agent has stopped, the next start finds it as
    /// it was.
    private func close(_ record: RestoreRecord, _ update: RestoreUpdate) async {
        _ = await PatientWrite.run(pause: pause, isStopping: { isStopping }, failed: { cannotWrite(record, $0) }) {
            try await end(record, update)
        }
    }

    private func end(_ record: RestoreRecord, _ update: RestoreUpdate) async throws {
        var record = record
        record.phase = .ended
        try await journal.end(record, with: .restoreUpdate(update))
        await surroundings.link.deliverPending()
    }

    private func cannotWrite(_ record: RestoreRecord, _ error: any Error) {
        surroundings.log.error(
            "the end of a restore can't be written",
            metadata: ["restore_id": "\(record.restore.restoreID)", "error": "\(error)"])
    }

    private func remember(_ id: String) async {
        guard let old = known.insert(id) else { return }
        do {
            try await journal.forget(restoreIDs: [old])
        } catch {
            // It is forgotten at a later start.
            surroundings.log.warning("the agent's state can't be written", metadata: ["error": "\(error)"])
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
