internal import BackupControl
internal import BackupCore
internal import BackupFormat
internal import BackupWire
internal import FoundationEssentials
internal import Logging

/// Gives pending restores to their agents, and takes down how they go.
struct RestoreDispatcher: Sendable {
    private static let batch = 8
    private static let lease: TimeInterval = 120
    private static let longestText = 4000
    /// Of a restore; a dump that takes longer is not waited for.
    private static let limit = Duration.seconds(24 * 3600)
    /// For the agent to say how it went.
    private static let grace = Duration.seconds(3600)

    let stores: DispatchStores
    let orders: RunOrders
    let live: LiveAgents
    let events: any ControlEvents
    let replica: String
    let logger: Logger

    func dispatchAll() async throws {
        let now = Date()
        let claimed = try await stores.runs.claimPendingRestores(
            replica: replica, until: now.addingTimeInterval(Self.lease), at: now, limit: Self.batch)
        for restore in claimed { await dispatch(restore) }
    }

    /// What the agent may not have: it knows a restore that it has by its id.
    func sendAgain(_ restore: RestoreRecord, over connection: AgentConnection) async throws {
        if restore.isCancelRequested { cancel(restore) }
        guard restore.status == .dispatched else { return }
        connection.send(.runRestore(try await message(restore)), correlationID: "restore/\(restore.id)")
    }

    func cancel(_ restore: RestoreRecord) {
        live.connection(of: restore.agentID)?.send(
            .cancelRestore(restoreID: restore.id.string, reason: "somebody wants it"))
    }

    func took(_ update: RestoreUpdate, from agent: AgentRecord.ID) async throws {
        guard let id = try? BackupID(update.restoreID), var restore = try await stores.runs.restore(id),
            restore.agentID == agent, restore.status.isLive
        else { return }
        restore.bytesDone = max(restore.bytesDone, update.bytesDone)
        switch update.status {
        case .running, .queued, .unspecified:
            restore.status = .running
            restore.startedAt = restore.startedAt ?? Date()
            restore.progressPercent = Int(min(update.progressPercent, 100))
            restore.step = update.currentStep.prefix(bytes: 100)
        case .success, .failed, .cancelled:
            restore.status =
                update.status == .success ? .success : update.status == .failed ? .failed : .cancelled
            restore.progressPercent = update.status == .success ? 100 : restore.progressPercent
            restore.finishedAt = Date()
            restore.targetState = update.targetState.isEmpty ? nil : update.targetState.prefix(bytes: 100)
            restore.failure = update.error.map {
                RunRecord.Failure(
                    code: $0.code.prefix(bytes: 100), message: $0.message.prefix(bytes: Self.longestText),
                    hint: $0.hint.prefix(bytes: Self.longestText))
            }
        }
        if try await stores.runs.updateRestore(restore, at: Date()) { await events.restoreChanged(restore) }
    }

    /// Those that their agents have forgotten, or never came for.
    func endOverdue(limit: Int) async throws {
        let latest = Date().addingTimeInterval(-((Self.limit + Self.grace) / .seconds(1)))
        for var restore in try await stores.runs.overdueRestores(begunBefore: latest, limit: limit) {
            cancel(restore)
            restore.targetState = restore.startedAt == nil ? restore.targetState : TargetState.unknown.rawValue
            restore.status = .lost
            restore.failure = .init(DispatchError.deadlinePassed)
            restore.finishedAt = Date()
            if try await stores.runs.updateRestore(restore, at: Date()) { await events.restoreChanged(restore) }
        }
    }

    // MARK: One restore

    private func dispatch(_ claimed: RestoreRecord) async {
        var restore = claimed
        do {
            guard let connection = live.connection(of: restore.agentID), let session = connection.session else {
                return
            }
            guard connection.can(.restore) else { throw DispatchError.agentTooOld(needs: "restores") }
            if restore.isCancelRequested {
                restore.status = .cancelled
                restore.finishedAt = Date()
            } else {
                restore.status = .dispatched
            }
            let order = restore.isCancelRequested ? nil : try await message(restore)
            guard try await stores.runs.dispatchRestore(restore, over: session.number, at: Date()) else { return }
            await events.restoreChanged(restore)
            if let order { connection.send(.runRestore(order), correlationID: "restore/\(restore.id)") }
        } catch {
            await failed(claimed, error)
        }
    }

    private func failed(_ claimed: RestoreRecord, _ error: any Error) async {
        logger.error("a restore can't be dispatched", metadata: ["restore_id": "\(claimed.id)", "error": "\(error)"])
        // An outage: its claim ends, and it is tried again.
        guard let known = error as? any BackupError, known.recovery != .retry else { return }
        var restore = claimed
        restore.status = .failed
        restore.failure = .init(error)
        restore.targetState = TargetState.unchanged.rawValue
        restore.finishedAt = Date()
        do {
            if try await stores.runs.updateRestore(restore, at: Date()) { await events.restoreChanged(restore) }
        } catch {
            logger.error("the end of a restore can't be written", metadata: ["error": "\(error)"])
        }
    }

    private func message(_ restore: RestoreRecord) async throws -> RunRestore {
        guard let run = try await stores.runs.run(restore.runID), run.isProven, let stored = run.stored else {
            throw DispatchError.notRestorable("it is not there any more")
        }
        guard let record = try await stores.plans.target(restore.request.targetID), record.agentID == restore.agentID
        else { throw DispatchError.notRestorable("there is no target \(restore.request.targetID) of this agent") }
        var target = try record.target(keys: orders.keys)
        if let database = restore.request.database { target.database = database }
        var order = RunRestore()
        order.restoreID = restore.id.string
        order.runID = run.id.string
        order.target = target
        order.download = try await orders.download(run, at: Date())
        order.manifest = Array((stored.manifest ?? "").utf8)
        order.sizeBytes = stored.sizeBytes
        order.sha256 = stored.sha256
        order.formatVersion = UInt32(clamping: run.encryption.formatVersion)
        order.compression = run.compression
        order.sourceEngine = run.engine
        order.sourceVersion = stored.engineVersion
        order.options.overwrite = restore.request.overwrite
        order.options.create = restore.request.create
        order.options.withoutOwners = restore.request.withoutOwners
        order.options.withoutPrivileges = restore.request.withoutPrivileges
        order.options.only = restore.request.onlyDatabase
        order.timeout = Self.limit
        try describe(run, stored, restore, in: &order)
        return order
    }

    private func describe(
        _ run: RunRecord, _ stored: RunRecord.Stored, _ restore: RestoreRecord, in order: inout RunRestore
    ) throws {
        if let manifest = stored.manifest {
            let manifest = try Manifest.decode(Array(manifest.utf8))
            order.isWholeServer = manifest.scope == .server
            order.sourceEngine = manifest.engine
            order.sourceVersion = manifest.engineVersion
        }
        if let key = try orders.key(of: run) { order.key = SecretBytes(key.withBytes { Array($0) }) }
        if let reference = restore.request.identityReference { order.identity = SecretReference(reference) }
        if run.encryption.formatVersion > 0, order.key.isEmpty, order.identity == .none {
            throw DispatchError.notRestorable("only its recipients can open it, and no identity was named")
        }
    }
}
