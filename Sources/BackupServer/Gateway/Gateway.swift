package import BackupControl
internal import BackupCore
internal import BackupWire
internal import FoundationEssentials
package import Logging
internal import NIOCore

/// The agents' side of the server: who is connected, and what becomes of what they say.
package final class Gateway: Sendable {
    /// Messages of one agent that are worked on before others have their turn.
    private static let turn = 16

    package let settings: GatewaySettings
    package let live: LiveAgents
    package let logger: Logger
    let addresses: AddressBook
    let keys: KeyCheck
    /// For those who come: who is connected and whose store hangs must not keep others out.
    let entrances: GatewayWork
    /// For what they say.
    let work: GatewayWork
    let clocks: GatewayClocks
    /// Which peers name their clients in `X-Forwarded-For`.
    private let proxies: ClientAddress
    private let news = RateLimiter(perMinute: 1)
    private let reception: any AgentReception
    private let sightings: Sightings
    private let start = ContinuousClock.now

    package init(
        agents: any AgentStore, reception: any AgentReception, live: LiveAgents,
        settings: GatewaySettings = GatewaySettings(),
        proxies: ClientAddress = ClientAddress(trustedProxies: []), logger: Logger
    ) {
        self.settings = settings
        self.logger = logger
        self.reception = reception
        self.live = live
        self.proxies = proxies
        addresses = AddressBook(settings: settings)
        keys = KeyCheck(agents: agents, addresses: addresses)
        entrances = GatewayWork(workers: settings.entranceWorkers, waiting: settings.waitingWork)
        work = GatewayWork(workers: settings.workers, waiting: settings.waitingWork)
        clocks = GatewayClocks(tick: settings.tick)
        sightings = Sightings(agents: agents, logger: logger)
    }

    /// By a clock that doesn't jump.
    var now: Duration { start.duration(to: .now) }

    /// Works until the task is cancelled. Sessions that are left then are ended in the store.
    package func run() async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.entrances.run() }
            group.addTask { await self.work.run() }
            group.addTask { await self.keepBooks() }
            await group.next()
            group.cancelAll()
        }
        for connection in live.all { connection.close(code: 1001, reason: "the server stops") }
        await reception.stopped()
    }

    private func keepBooks() async {
        var lastFlush = now
        while !Task.isCancelled {
            do { try await Task.sleep(for: settings.tick) } catch { break }
            await sightings.flushEnded()
            guard now >= lastFlush + settings.sightings else { continue }
            lastFlush = now
            await sightings.flushSeen()
        }
    }

    func isProxy(_ address: String) -> Bool { proxies.isTrusted(address) }

    /// Whose request it is, for the bound on guesses and for the log.
    func client(_ address: String, _ forwarded: [String]) -> String { proxies.of(peer: address, forwarded: forwarded) }

    /// Tells of a refusal, at most once a minute for an address: whoever knocks a thousand times must not fill the log.
    func noteRefusal(_ message: Logger.Message, _ address: String) {
        guard news.take("\(message) \(ClientAddress.limitKey(address))", at: .now) == nil else { return }
        logger.warning(message, metadata: ["address": "\(address)"])
    }

    /// The server stops: nobody is let in any more.
    func stops() { addresses.close() }

    // MARK: What connections tell

    func register(_ registration: Registration, _ correlationID: String, of connection: AgentConnection) {
        let isTaken = entrances.submit { [self] in
            do {
                let ack = try await reception.register(registration, connection, settings: settings)
                // It may have ended while its session was begun.
                if !connection.isOpen { noteEnd(connection) }
                connection.admit(ack, correlationID: correlationID)
            } catch {
                logger.error(
                    "an agent's session can't begin",
                    metadata: ["agent_id": "\(connection.agentID)", "error": "\(error)"])
                connection.close(code: 1011, reason: "the session can't begin now")
            }
        }
        if !isTaken { connection.close(code: 1013, reason: "too many agents come at once") }
    }

    /// Its registration is answered.
    func began(_ connection: AgentConnection) {
        guard live.admit(connection) else {
            return connection.replaced()
        }
        logger.info(
            "an agent has connected",
            metadata: ["agent_id": "\(connection.agentID)", "address": "\(connection.address)"])
        _ = work.submit { [self] in
            do {
                try await reception.began(connection)
            } catch {
                logger.error(
                    "what an agent has to do can't be looked up",
                    metadata: ["agent_id": "\(connection.agentID)", "error": "\(error)"])
                connection.close(code: 1011, reason: "what is to be done can't be looked up now")
            }
        }
    }

    func saw(_ heartbeat: Heartbeat, of connection: AgentConnection) {
        sightings.saw(heartbeat, of: connection.agentID, at: Date())
        if connection.hasApplied(heartbeat.configVersion) {
            _ = work.submit { [self] in await reception.applied(heartbeat.configVersion, by: connection) }
        }
        // What it has said of its runs may wait to be worked on.
        guard connection.isHeard else { return }
        let forgotten = connection.withRuns { $0.heartbeat(activeJobs: Set(heartbeat.activeJobIDs)) }
        guard !forgotten.isEmpty else { return }
        _ = work.submit { [self] in
            for run in forgotten { await reception.forgotten(run, by: connection) }
        }
    }

    func work(on connection: AgentConnection) {
        let isTaken = work.submit { [self] in
            var left = Self.turn
            while let incoming = connection.next() {
                do {
                    try await reception.take(incoming.message, incoming.correlationID, connection)
                } catch {
                    // It is not acknowledged, and comes again on the next connection.
                    logger.error(
                        "an agent's message can't be stored",
                        metadata: ["agent_id": "\(connection.agentID)", "error": "\(error)"])
                    connection.close(code: 1011, reason: "a message could not be stored")
                }
                left -= 1
                // One that always has something to say must not have a worker for itself.
                if left == 0 { return work(on: connection) }
            }
        }
        if !isTaken { connection.putBack() }
    }

    func ended(_ connection: AgentConnection) {
        connection.hasClosed()
        live.remove(connection)
        guard connection.session != nil else { return }
        noteEnd(connection)
        logger.info("an agent has disconnected", metadata: ["agent_id": "\(connection.agentID)"])
    }

    private func noteEnd(_ connection: AgentConnection) {
        guard let number = connection.session?.number else { return }
        sightings.ended(connection.agentID, session: number)
    }
}
