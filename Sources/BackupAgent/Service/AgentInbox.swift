internal import BackupCore
internal import BackupState
internal import BackupWire
internal import Logging

/// What the control plane says, on its way to whoever does it.
///
/// It stores and hands on, and never waits for the control plane: the session reads nothing more meanwhile.
actor AgentInbox: ServerMessageHandler {
    /// Who does what comes in. Made after the session, which needs the inbox.
    struct Work: Sendable {
        let runs: RunExecutor
        let restores: RestoreExecutor
        let checks: HealthChecker
        let tester: ConnectionTester
        let link: any ControlLink
    }

    private let state: StateStore
    private let log: AgentLog
    private let serverLog: ServerLog
    private let metrics: AgentMetrics
    private let logger: Logger
    private let ownLevel: Logger.Level
    private var work: Work?
    private(set) var configuration = AgentConfiguration()

    init(state: StateStore, log: AgentLog, serverLog: ServerLog, metrics: AgentMetrics) {
        self.state = state
        self.log = log
        self.serverLog = serverLog
        self.metrics = metrics
        logger = log.logger()
        ownLevel = log.level
    }

    /// Takes up the last configuration, so that the agent works on while the server is away.
    func begin(_ work: Work) async throws {
        self.work = work
        if let last = try await StateConfiguration(state: state).load() { await take(last) }
    }

    var activeJobIDs: [String] { get async { await work?.runs.runningJobIDs ?? [] } }
    var queueDepth: Int { get async { await work?.runs.queueDepth ?? 0 } }

    // MARK: The session's side

    func connected(_ ack: RegisterAck, capabilities: Set<Capability>) async {
        logger.info(
            "connected to the server",
            metadata: [
                "session_id": "\(ack.sessionID)", "capabilities": "\(capabilities.map(\.rawValue).sorted())",
            ])
        if let configuration = ack.configuration { await apply(configuration) }
        await keep("session_id", ack.sessionID)
        await keep("server_time", ack.serverTime)
        serverLog.wake()
    }

    func received(_ message: ServerMessage, correlationID: String) async {
        guard let work else { return }
        switch message {
        case .configUpdate(let configuration):
            await apply(configuration)
        case .runBackup(let run):
            await answer(correlationID, over: work.link) { try await work.runs.accept(run) }
        case .runRestore(let restore):
            await answer(correlationID, over: work.link) { try await work.restores.accept(restore) }
        case .cancelJob(let jobID): await work.runs.cancel(jobID: jobID)
        case .cancelRun(let runID, let reason): await work.runs.cancel(runID: runID, reason: reason)
        case .cancelRestore(let id, let reason): await work.restores.cancel(restoreID: id, reason: reason)
        case .runHealthCheck(let checkID):
            if !work.checks.runNow(checkID) {
                logger.warning(
                    "the server wants a health check that is not configured", metadata: ["check_id": "\(checkID)"])
            }
        case .testConnection(let target): work.tester.test(target, correlationID: correlationID)
        case .selfUpdate(let update): await refuse(update, correlationID, over: work.link)
        case .registerAck, .ping, .ack, .partURLs, .uploadResult, .downloadURL:
            logger.debug("an answer came that nobody waits for")
        }
    }

    // MARK: Configuration

    /// Durable first: after a kill the agent goes on with what it last acted on.
    private func apply(_ configuration: AgentConfiguration) async {
        do {
            try await StateConfiguration(state: state).save(configuration)
        } catch {
            logger.error("a new configuration can't be stored, and is not applied", metadata: ["error": "\(error)"])
            return
        }
        await take(configuration)
        logger.info(
            "configuration applied",
            metadata: [
                "version": "\(configuration.version)", "targets": "\(configuration.targets.count)",
                "jobs": "\(configuration.jobs.count)", "health_checks": "\(configuration.healthChecks.count)",
            ])
    }

    private func take(_ configuration: AgentConfiguration) async {
        self.configuration = configuration
        for case .inline(let secret) in configuration.targets.map(\.password) { log.redaction.register(secret) }
        log.level = Logger.Level(agentName: configuration.logLevel) ?? ownLevel
        metrics.setConfigVersion(configuration.version)
        await work?.runs.apply(configuration)
        let leftOut = work?.checks.apply(configuration.healthChecks) ?? 0
        if leftOut > 0 { logger.warning("too many health checks", metadata: ["left_out": "\(leftOut)"]) }
    }

    // MARK: Answers

    /// Acknowledges what is durable. What could not be written is not acknowledged, and comes again.
    private func answer(
        _ correlationID: String, over link: any ControlLink, _ accept: () async throws -> RunError?
    ) async {
        do {
            let refusal = try await accept()
            if let refusal { logger.warning("refused", metadata: ["reason": "\(refusal.message)"]) }
            guard !correlationID.isEmpty else { return }
            let ack = Acknowledgement(
                correlationID: correlationID, isAccepted: refusal == nil, reason: refusal?.message ?? "")
            await link.post(.ack(ack), correlationID: correlationID)
        } catch {
            logger.error("a request can't be stored, and is not acknowledged", metadata: ["error": "\(error)"])
        }
    }

    private func refuse(_ update: SelfUpdate, _ correlationID: String, over link: any ControlLink) async {
        logger.warning("this version can't update itself", metadata: ["target_version": "\(update.targetVersion)"])
        let ack = Acknowledgement(
            correlationID: correlationID, isAccepted: false, reason: "this version can't update itself")
        await link.post(.ack(ack), correlationID: correlationID)
    }

    private func keep(_ key: String, _ value: String) async {
        do {
            try await state.put(.registry, key, Array(value.utf8))
        } catch {
            logger.warning("the registry can't be written", metadata: ["error": "\(error)"])
        }
    }
}
