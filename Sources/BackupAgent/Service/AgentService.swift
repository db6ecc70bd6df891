internal import BackupCore
internal import BackupState
internal import BackupStorage
internal import BackupWire
internal import FoundationEssentials
package import Logging

/// The agent: all of its parts, put together and run.
package struct AgentService: Sendable {
    private let settings: AgentSettings
    private let policy: HostPolicy
    private let state: StateStore
    private let log: AgentLog
    private let serverLog: ServerLog
    private let metrics: AgentMetrics
    private let heartbeats = Heartbeats()
    private let session: AgentSession
    private let inbox: AgentInbox
    private let runs: RunExecutor
    private let restores: RestoreExecutor
    private let checks: HealthChecker
    private let tester: ConnectionTester
    private let transport: PresignedTransport
    private let spool: SpoolSettings

    /// Opens the state and puts everything together. Nothing is connected yet.
    /// - Throws: what stands in the way, before anything was begun: ``AgentError``, ``StateError``, ``SessionError``.
    package init(_ settings: AgentSettings, environment: [String: String]) async throws {
        self.settings = settings
        let own = [settings.stateDirectory] + [environment["BACKUPY_AGENT_KEY_FILE"]].compactMap { $0 }
        policy = try (settings.policyFile.map { try HostPolicy(file: $0) } ?? HostPolicy()).keeping(own)
        let proxy = try ProxySettings(environment: environment)
        let connector = ServerConnector(
            address: try ServerAddress(settings.serverURL, allowsInsecure: settings.allowsInsecureServer),
            key: settings.agentKey,
            trust: try ServerTrust(
                certificateAuthorityFile: settings.serverCAFile, pins: settings.serverPins.joined(separator: ",")),
            proxy: proxy)
        state = try await StateStore.open(directory: settings.stateDirectory, key: settings.agentKey)
        let redaction = Redaction(lasting: [settings.agentKey])
        serverLog = ServerLog(buffer: StateLogBuffer(state))
        log = AgentLog(level: settings.logLevel, redaction: redaction, server: serverLog)
        metrics = AgentMetrics(version: AgentVersion.current, commit: AgentVersion.commit)
        inbox = AgentInbox(state: state, log: log, serverLog: serverLog, metrics: metrics)
        session = AgentSession(
            connector: connector, outbox: StateOutbox(state, logger: log.logger("outbox")),
            source: AgentReporter(inbox: inbox, sampler: HostSampler(stateDirectory: settings.stateDirectory)),
            handler: inbox, logger: log.logger("session"))
        transport = try PresignedTransport(
            Self.transport(settings, proxy), allowsInsecure: settings.allowsInsecureServer)
        spool = SpoolSettings(directory: settings.stateDirectory)
        let surroundings = Surroundings(
            settings: settings, policy: policy,
            environment: environment.filter { !$0.key.hasPrefix("BACKUPY_") }, redaction: redaction,
            metrics: metrics, log: log.logger("runs"), link: session, transport: transport, spool: spool)
        let journal = StateJournal(state: state)
        runs = RunExecutor(surroundings: surroundings, journal: journal)
        restores = RestoreExecutor(surroundings: surroundings, journal: journal)
        checks = HealthChecker(policy: policy, metrics: metrics)
        tester = ConnectionTester(surroundings: surroundings)
    }

    /// Stores are reached as the control plane is: through the same proxy, and under its authority too, for it may be the store.
    private static func transport(_ settings: AgentSettings, _ proxy: ProxySettings) -> TransportSettings {
        var transport = TransportSettings()
        transport.additionalCAFile = settings.serverCAFile
        transport.proxy = proxy.proxy.map { way in
            TransportProxy(host: way.host, port: way.port, credentials: way.credentials) { host, port in
                proxy.proxy(host: host, port: port) != nil
            }
        }
        return transport
    }

    package var logger: Logger { log.logger() }

    /// Works until `stop` ends, then lets uploads in flight finish for the grace that the settings give, and says goodbye.
    /// - Throws: what stands in the way at the start.
    package func run(until stop: AsyncStream<Void>) async throws {
        let result: Result<Void, any Error>
        do { result = .success(try await work(until: stop)) } catch { result = .failure(error) }
        await transport.close()
        await state.close()
        try result.get()
    }

    private func work(until stop: AsyncStream<Void>) async throws {
        try spool.sweep()
        try await inbox.begin(
            AgentInbox.Work(runs: runs, restores: restores, checks: checks, tester: tester, link: session))
        try await runs.resume()
        try await restores.resume()
        let liveness = try await LivenessServer(directory: settings.stateDirectory) { await report() }
        let exposition: MetricsServer?
        do { exposition = try await metricsServer() } catch {
            await liveness.close()
            throw error
        }
        logger.info(
            "agent started", metadata: ["version": "\(AgentVersion.current)", "server": "\(settings.serverURL)"])
        await withTaskGroup(of: Void.self) { group in
            addLoops(to: &group)
            for await _ in stop { break }
            await stopWork()
            group.cancelAll()
        }
        await exposition?.close()
        await liveness.close()
        logger.info("agent stopped")
    }

    /// Runs and restores end by themselves for a while, and then in order; the session goes on, so that the server learns of it.
    private func stopWork() async {
        logger.info("stopping", metadata: ["grace_seconds": "\(settings.shutdownGrace.components.seconds)"])
        async let stoppedRuns: Void = runs.stop(within: settings.shutdownGrace)
        async let stoppedRestores: Void = restores.stop(within: settings.shutdownGrace)
        _ = await (stoppedRuns, stoppedRestores)
        await runs.waitUntilIdle()
        await restores.waitUntilIdle()
    }

    private func addLoops(to group: inout TaskGroup<Void>) {
        for name in ["runs", "restores", "health_checks", "session"] { heartbeats.expect(name, every: .seconds(120)) }
        group.addTask { await session.run() }
        group.addTask { await runs.run { heartbeats.beat("runs") } }
        group.addTask { await restores.run { heartbeats.beat("restores") } }
        group.addTask { await tester.run() }
        group.addTask { await watchSession() }
        group.addTask { await serverLog.run { events, dropped in await send(events, dropped) } }
        group.addTask {
            await checks.run(turned: { heartbeats.beat("health_checks") }) { result in
                let id = "check/\(result.checkID)/\(result.timeMilliseconds)"
                do {
                    try await session.deliver(.healthResult(result), id: id)
                } catch {
                    logger.warning("a health check's result was lost", metadata: ["error": "\(error)"])
                }
            }
        }
        if !settings.isDiscoveryDisabled {
            let loop = DiscoveryLoop(
                socket: settings.dockerSocket, policy: policy, link: session, logger: log.logger("discovery"))
            group.addTask { await loop.run() }
        }
    }

    // MARK: What is said of it

    private func metricsServer() async throws -> MetricsServer? {
        guard let address = settings.metricsAddress else { return nil }
        return try await MetricsServer(on: address, metrics: metrics) {
            let loops = heartbeats.loopReports()
            let isHealthy = loops.allSatisfy(\.isAlive)
            return (isHealthy, isHealthy ? "ok\n" : "a loop stands still\n")
        }
    }

    private func report() async -> LivenessReport {
        var isStateReadable = true
        do { _ = try await state.get(.registry, "session_id") } catch { isStateReadable = false }
        let status = await session.status
        return LivenessReport(
            loops: heartbeats.loopReports(), isStateReadable: isStateReadable, session: status.state.rawValue)
    }

    /// The session's state into the metrics, and its loop into the health check.
    private func watchSession() async {
        var reconnects = 0
        while !Task.isCancelled {
            let status = await session.status
            heartbeats.beat("session")
            switch status.state {
            case .connected: metrics.setConnection(.connected)
            case .connecting, .handshaking: metrics.setConnection(.connecting)
            case .backingOff, .unauthorized, .stopped: metrics.setConnection(.disconnected)
            }
            for _ in reconnects..<max(status.reconnects, reconnects) { metrics.countReconnect() }
            reconnects = max(status.reconnects, reconnects)
            do { try await Task.sleep(for: .seconds(1)) } catch { return }
        }
    }

    /// - Returns: false while there is no connection: the events wait then.
    private func send(_ events: [BackupWire.LogEvent], _ dropped: UInt64) async -> Bool {
        guard await session.status.state == .connected else { return false }
        guard await session.capabilities.contains(.ack) else {
            for event in events { await session.post(.log(event)) }
            return true
        }
        do {
            let id = "log/\(String(UInt64.random(in: .min ... .max), radix: 16))"
            try await session.deliver(.logBatch(events, dropped: dropped), id: id)
            return true
        } catch {
            return false
        }
    }
}
