package import BackupControl
package import BackupCore
package import BackupWire
internal import FoundationEssentials
package import Logging

/// What is done about what agents say, and how they are told things: the shell around runs, uploads, restores and plans.
package final class AgentDesk: AgentReception, AgentLink {
    /// What this server can do beyond the tables of the protocol.
    package static let capabilities: Set<Capability> = [
        .ack, .multipart, .validate, .formatV2, .recipients, .cancelRun, .restore, .testConnection, .updateStatus,
    ]

    package let dispatcher: RunDispatcher
    package let listener: ReplicaListener
    private let stores: DispatchStores
    private let keys: MasterKeys
    private let live: LiveAgents
    private let configurations: Configurations
    private let health: any HealthSink
    private let events: any ControlEvents
    private let orders: RunOrders
    private let endings: RunEndings
    private let reports: RunReports
    private let uploads: Uploads
    private let restores: RestoreDispatcher
    private let logs: RunLogs
    private let discoveries: Discoveries
    private let questions = Questions()
    private let trials: TargetTrials
    private let replica: String
    private let logger: Logger

    package init(
        stores: DispatchStores, storage: StorageService, keys: MasterKeys, live: LiveAgents, health: any HealthSink,
        events: any ControlEvents, replica: String, interval: Duration = .seconds(5),
        clock: DispatchClock = DispatchClock(),
        logger: Logger
    ) {
        self.stores = stores
        self.keys = keys
        self.live = live
        self.health = health
        self.events = events
        self.replica = replica
        self.logger = logger
        orders = RunOrders(keys: keys, storage: storage)
        endings = RunEndings(stores: stores, storage: storage, events: events, logger: logger)
        reports = RunReports(stores: stores, orders: orders, endings: endings, logger: logger)
        uploads = Uploads(stores: stores, orders: orders, endings: endings, logger: logger)
        logs = RunLogs(stores: stores, logger: logger)
        discoveries = Discoveries(agents: stores.agents)
        restores = RestoreDispatcher(
            stores: stores, orders: orders, live: live, events: events, replica: replica, logger: logger)
        dispatcher = RunDispatcher(
            stores: stores, orders: orders, live: live, endings: endings, restores: restores, replica: replica,
            interval: interval, clock: clock, logger: logger)
        configurations = Configurations(agents: stores.agents, keys: keys, live: live, logger: logger)
        trials = TargetTrials(stores: stores, keys: keys, live: live, questions: questions, logger: logger)
        listener = ReplicaListener(
            stores: stores, live: live, dispatcher: dispatcher, restores: restores, configurations: configurations,
            trials: trials, replica: replica, logger: logger)
    }

    // MARK: Sessions

    package func register(
        _ registration: Registration, _ connection: AgentConnection, settings: GatewaySettings
    ) async throws -> RegisterAck {
        let agent = connection.agentID
        guard
            let record = try await stores.agents.beginSession(
                agent, replica: replica, registration: .init(registration), at: Date()),
            let plan = try await stores.agents.agentPlan(agent)
        else { throw ControlError.notFound(kind: "agent", id: agent.string) }
        let common = registration.capabilities.intersection(Self.capabilities)
        connection.begin(
            .init(
                number: record.session.number, capabilities: common, configVersion: plan.agent.configVersion,
                appliedVersion: record.appliedVersion))
        var ack = RegisterAck()
        ack.sessionID = "\(agent)/\(record.session.number)"
        ack.configuration = try plan.configuration(keys: keys)
        ack.heartbeatIntervalSeconds = UInt32(clamping: settings.heartbeat.components.seconds)
        ack.serverTime = UTCTime(Date()).rfc3339
        // One that names nothing knows nothing of them.
        ack.capabilities = registration.capabilities.isEmpty ? [] : Self.capabilities
        return ack
    }

    package func began(_ connection: AgentConnection) async throws {
        for run in try await stores.runs.liveRuns(of: connection.agentID) { try await resume(run, connection) }
        for restore in try await stores.runs.liveRestores(of: connection.agentID) {
            try await restores.sendAgain(restore, over: connection)
        }
        dispatcher.wakeUp()
    }

    /// A run that was sent and not begun is sent again; one that was begun is watched.
    private func resume(_ run: RunRecord, _ connection: AgentConnection) async throws {
        guard run.status != .pending, let session = connection.session else { return }
        if run.status == .dispatched, let job = try await stores.plans.job(run.jobID) {
            do {
                let order = try await orders.message(
                    for: run, job: job, capabilities: session.capabilities, at: Date())
                connection.send(.runBackup(order), correlationID: "run/\(run.id)")
            } catch let error as DispatchError {
                try await endings.end(run.id, agent: run.agentID, .failed(.init(error)))
            }
        } else if run.status != .dispatched {
            connection.withRuns { $0.began(run.id, job: run.jobID) }
        }
        if run.isCancelRequested { dispatcher.cancel(run, reason: Self.cancelReason) }
    }

    package func applied(_ version: UInt64, by connection: AgentConnection) async {
        await events.configurationApplied(connection.agentID, version: version)
    }

    package func stopped() async {
        do {
            try await stores.agents.endSessions(ofReplica: replica)
        } catch {
            logger.error("the ends of sessions can't be written", metadata: ["error": "\(error)"])
        }
    }

    // MARK: Messages

    package func take(_ message: AgentMessage, _ correlationID: String, _ connection: AgentConnection) async throws {
        let agent = connection.agentID
        switch message {
        case .partURLsRequest(let request):
            connection.send(try await uploads.partURLs(request, agent), correlationID: correlationID)
        case .completeUpload(let request):
            connection.send(try await uploads.complete(request, agent), correlationID: correlationID)
        case .downloadURLRequest(let runID, let restoreID):
            connection.send(try await uploads.download(runID, restoreID, agent), correlationID: correlationID)
        case .testConnectionResult: _ = questions.answer(message, correlationID)
        case .ack(let ack): try await took(ack, connection)
        case .register, .heartbeat: break
        default:
            try await store(message, connection)
            // Only now: the agent forgets what is acknowledged.
            connection.acknowledge(correlationID)
        }
    }

    private func store(_ message: AgentMessage, _ connection: AgentConnection) async throws {
        let agent = connection.agentID
        switch message {
        case .discovery(let containers): try await discoveries.took(containers, from: agent)
        case .jobUpdate(let update):
            try await reports.took(update, from: connection)
            if update.status == .failed || update.status == .cancelled { dispatcher.wakeUp() }
        case .backupCompleted(let completed):
            try await reports.took(completed, from: connection)
            dispatcher.wakeUp()
        case .healthResult(let result): try await health.took(result, from: agent)
        case .log(let event): try await logs.took([event], from: agent)
        case .logBatch(let events, _): try await logs.took(events, from: agent)
        case .restoreUpdate(let update): try await restores.took(update, from: agent)
        case .abortUpload(let runID, _): try await uploads.abort(runID, agent)
        case .updateStatus(let status):
            logger.info(
                "an agent updates itself",
                metadata: ["agent_id": "\(agent)", "version": "\(status.targetVersion)", "phase": "\(status.phase)"])
        default: break
        }
    }

    /// A refusal ends the run: the agent will not do it later either.
    private func took(_ ack: Acknowledgement, _ connection: AgentConnection) async throws {
        guard !ack.isAccepted else { return }
        let words = ack.correlationID.split(separator: "/")
        guard words.count == 2, let id = try? BackupID(String(words[1])) else { return }
        let failure = RunRecord.Failure(code: "agent.refused", message: ack.reason.prefix(bytes: 1000))
        if words[0] == "run" {
            try await endings.end(id, agent: connection.agentID, .failed(failure))
        } else if words[0] == "restore", var restore = try await stores.runs.restore(id),
            restore.agentID == connection.agentID, restore.status.isLive
        {
            restore.status = .failed
            restore.failure = failure
            restore.finishedAt = Date()
            if try await stores.runs.updateRestore(restore, at: Date()) { await events.restoreChanged(restore) }
        }
    }

    package func forgotten(_ run: BackupID, by connection: AgentConnection) async {
        do {
            try await endings.end(run, agent: connection.agentID, .lost(.init(DispatchError.runForgotten)))
            dispatcher.wakeUp()
        } catch {
            // Its deadline ends it.
            logger.error("a lost run can't be ended", metadata: ["run_id": "\(run)", "error": "\(error)"])
        }
    }

    // MARK: AgentLink

    static let cancelReason = "somebody wants it"

    package func configurationChanged(_ agent: AgentRecord.ID) async { await configurations.send(to: agent) }

    package func workChanged() { dispatcher.wakeUp() }

    package func cancel(_ run: RunRecord) async throws {
        if run.status == .pending { try await endings.end(run.id, agent: nil, .cancelled) }
        dispatcher.cancel(run, reason: Self.cancelReason)
    }

    package func cancel(_ restore: RestoreRecord) async throws {
        restores.cancel(restore)
        dispatcher.wakeUp()
    }

    package func test(_ target: Target, by agent: AgentRecord.ID) async throws -> ConnectionTest {
        try await trials.test(target, by: agent)
    }

    package func runCheck(_ check: HealthCheckRecord) async {
        if let connection = live.connection(of: check.agentID) {
            connection.send(.runHealthCheck(checkID: check.id.string))
            return
        }
        do {
            try await stores.questions.wishLook(at: check.id, by: check.agentID)
        } catch {
            // It looks by itself, some time later.
            logger.warning("an agent can't be told to look now", metadata: ["error": "\(error)"])
        }
    }

    package func disconnect(_ agent: AgentRecord.ID) async {
        live.connection(of: agent)?.lostItsKey()
    }
}

extension AgentRecord.Registration {
    init(_ registration: BackupWire.Registration) {
        self.init()
        func short(_ text: String) -> String { text.prefix(bytes: 200) }
        version = short(registration.agentVersion)
        hostname = short(registration.hostname)
        os = short(registration.os)
        arch = short(registration.architecture)
        dockerVersion = short(registration.dockerVersion)
        capabilities = Set(registration.capabilities.prefix(64).map { short($0.rawValue) })
    }
}
