internal import BackupControl
internal import BackupCore
internal import BackupWire
internal import FoundationEssentials
internal import Logging

/// Gives pending runs to the agents that are connected to this replica, and ends those that nobody will.
///
/// A run is written down as dispatched, with its key and its place, before its agent hears of it; what the agent does not acknowledge
/// is sent again with its next session, and agents know a run that they have by its id. Memory: ``batch`` runs.
package actor RunDispatcher {
    private static let batch = 32
    private static let lease = Duration.seconds(120)
    /// How long a run is tried again whose store can't be reached.
    private static let patience = Duration.seconds(15 * 60)
    private static let troubledLimit = 10_000

    private let stores: DispatchStores
    private let orders: RunOrders
    private let live: LiveAgents
    private let endings: RunEndings
    private let restores: RestoreDispatcher
    private let replica: String
    private let interval: Duration
    private let clock: DispatchClock
    private let logger: Logger
    /// When sending a run has failed first.
    private var troubled: [BackupID: ContinuousClock.Instant] = [:]
    private let wakes: AsyncStream<Void>
    private let wake: AsyncStream<Void>.Continuation

    init(
        stores: DispatchStores, orders: RunOrders, live: LiveAgents, endings: RunEndings,
        restores: RestoreDispatcher, replica: String, interval: Duration = .seconds(5),
        clock: DispatchClock = DispatchClock(),
        logger: Logger
    ) {
        self.stores = stores
        self.orders = orders
        self.live = live
        self.endings = endings
        self.restores = restores
        self.replica = replica
        self.interval = interval
        self.clock = clock
        self.logger = logger
        (wakes, wake) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// There may be something to do: a run was made, or has ended, or an agent has connected.
    package nonisolated func wakeUp() { wake.yield() }

    /// Works until the task is cancelled.
    package func run() async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { [interval, wake] in
                while !Task.isCancelled {
                    do { try await Task.sleep(for: interval) } catch { return }
                    wake.yield()
                }
            }
            group.addTask { await self.keepDeadlines() }
            group.addTask { [endings] in await endings.cleaning.run() }
            for await _ in wakes {
                if Task.isCancelled { break }
                await dispatchAll()
            }
            group.cancelAll()
        }
    }

    private func dispatchAll() async {
        do {
            try await restores.dispatchAll()
            while !Task.isCancelled {
                let now = clock.now()
                let lease = now.addingTimeInterval(Self.lease / .seconds(1))
                let claims = try await stores.runs.claimPending(
                    replica: replica, until: lease, at: now, limit: Self.batch)
                await withTaskGroup(of: Void.self) { group in
                    for claim in claims { group.addTask { await self.dispatch(claim) } }
                }
                guard claims.count == Self.batch else { return }
            }
        } catch is CancellationError {
            return
        } catch {
            logger.error("pending runs can't be looked up", metadata: ["error": "\(error)"])
        }
    }

    // MARK: One run

    private nonisolated func dispatch(_ claim: RunClaim) async {
        do {
            guard !claim.run.isCancelRequested else {
                try await endings.end(claim.run.id, agent: nil, .cancelled)
                return
            }
            guard let connection = live.connection(of: claim.run.agentID), let session = connection.session else {
                return try await stores.runs.release(claim, notBefore: clock.now().addingTimeInterval(5))
            }
            try await send(claim, over: connection, session)
        } catch {
            await failed(claim, error)
        }
    }

    private nonisolated func send(
        _ claim: RunClaim, over connection: AgentConnection, _ session: AgentConnection.Session
    ) async throws {
        let capabilities = session.capabilities
        let agentName = try await stores.agents.agent(claim.run.agentID)?.name ?? claim.run.agentID.string
        let now = clock.now()
        let encryption = try orders.encryption(of: claim, for: capabilities)
        let key = try RunKey.object(
            of: claim.run, target: claim.target, agentName: agentName, isEncrypted: encryption.formatVersion > 0)
        let target = try await orders.storage.target(claim.run.storageID)
        let uploadID = capabilities.contains(.multipart) ? try await target.begin(key) : nil
        let order = RunOrder(
            objectKey: key.string, uploadID: uploadID, encryption: encryption,
            deadlineAt: orders.deadline(of: claim, at: now), at: now)
        do {
            guard try await stores.runs.dispatch(claim, order, over: session.number),
                let run = try await stores.runs.run(claim.run.id)
            else {
                if let uploadID { try await target.abort(key, uploadID) }
                return
            }
            await endings.changed(run)
            connection.send(
                .runBackup(try await orders.message(for: run, job: claim.job, capabilities: capabilities, at: now)),
                correlationID: "run/\(run.id)")
        } catch {
            if let uploadID, try await stores.runs.run(claim.run.id)?.uploadID != uploadID {
                try await target.abort(key, uploadID)
            }
            throw error
        }
    }

    /// Whether it has failed for as long as it may; by the first time that this replica has seen.
    private func isLate(_ run: BackupID) -> Bool {
        let now = clock.instant()
        // Those that somebody else has sent or ended are forgotten.
        troubled = troubled.filter { now - $0.value < Self.patience * 2 }
        let first = troubled[run] ?? now
        if troubled.count < Self.troubledLimit { troubled[run] = first }
        return now - first > Self.patience
    }

    /// What a person has to put right fails the run at once; an outage only when it lasts.
    private nonisolated func failed(_ claim: RunClaim, _ error: any Error) async {
        logger.error(
            "a run can't be dispatched", metadata: ["run_id": "\(claim.run.id)", "error": "\(error)"])
        do {
            let isHopeless = (error as? any BackupError).map { $0.recovery != .retry } ?? false
            let isLate = await isLate(claim.run.id)
            if isHopeless || isLate {
                try await endings.end(claim.run.id, agent: nil, .failed(.init(error)))
            } else {
                try await stores.runs.release(claim, notBefore: clock.now().addingTimeInterval(30))
            }
        } catch {
            // Its claim ends by itself, and it is tried again then.
            logger.error("a run can't be put back", metadata: ["run_id": "\(claim.run.id)", "error": "\(error)"])
        }
    }

    // MARK: Deadlines

    private nonisolated func keepDeadlines() async {
        while !Task.isCancelled {
            do {
                try await Task.sleep(for: interval * 2)
                for run in try await stores.runs.overdueRuns(at: clock.now(), limit: Self.batch) {
                    cancel(run, reason: "its deadline has passed")
                    try await endings.end(run.id, agent: nil, .lost(.init(DispatchError.deadlinePassed)))
                }
                try await restores.endOverdue(limit: Self.batch)
            } catch is CancellationError {
                return
            } catch {
                logger.error("overdue runs can't be ended", metadata: ["error": "\(error)"])
            }
        }
    }

    /// Tells the agent, if it is connected here; its answer is the end of the run.
    nonisolated func cancel(_ run: RunRecord, reason: String) {
        guard let connection = live.connection(of: run.agentID) else { return }
        connection.send(
            connection.can(.cancelRun)
                ? .cancelRun(runID: run.id.string, reason: reason) : .cancelJob(jobID: run.jobID.string))
    }
}
