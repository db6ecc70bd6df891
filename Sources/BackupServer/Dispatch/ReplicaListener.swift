internal import BackupControl
internal import BackupCore
internal import BackupWire
internal import FoundationEssentials
internal import Logging

/// Hears what was written here or by another replica, and does what concerns the agents that are connected to this one.
///
/// Words may be lost with a connection to the database, so everything is looked at when that may be so, and once a minute. Memory: a
/// page of agents, and the ids of those that are connected.
package struct ReplicaListener: Sendable {
    private static let interval = Duration.seconds(60)
    /// Between two looks at everything, whatever was missed: ten thousand agents that come at once are many words.
    private static let pause = Duration.seconds(1)
    private static let batch = 200

    let stores: DispatchStores
    let live: LiveAgents
    let dispatcher: RunDispatcher
    let restores: RestoreDispatcher
    let configurations: Configurations
    let trials: TargetTrials
    let replica: String
    let logger: Logger

    /// Works until the task is cancelled, or nobody tells anything any more.
    package func run(_ wakeUps: AsyncStream<String?>) async {
        let bell = Bell()
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                await withDiscardingTaskGroup { questions in
                    for await topic in wakeUps {
                        guard let topic else {
                            bell.ring()
                            continue
                        }
                        switch ReplicaWord(topic: topic) {
                        // An agent may take its time. Those of people at work, so they are few, and each has its limit.
                        case .question(let id, let agent)? where live.connection(of: agent) != nil:
                            questions.addTask { await trials.answer(id) }
                        case let word?: await heard(word)
                        case nil: break
                        }
                    }
                }
            }
            group.addTask {
                while !Task.isCancelled {
                    await bell.wait(atMost: Self.interval)
                    guard !Task.isCancelled else { return }
                    await lookAtEverything()
                    do { try await Task.sleep(for: Self.pause) } catch { return }
                }
            }
            await group.next()
            group.cancelAll()
        }
    }

    func heard(_ word: ReplicaWord) async {
        switch word {
        case .work: dispatcher.wakeUp()
        case .session(let agent, let number):
            if let connection = live.connection(of: agent), let session = connection.session, session.number < number {
                connection.replaced()
            }
        case .configuration(let agent, let version):
            let known = live.connection(of: agent)?.session?.configVersion
            if let known, known < version { await configurations.send(to: agent) }
        case .key(let agent): live.connection(of: agent)?.lostItsKey()
        case .cancel(let id): await cancel(id)
        case .look(let check, let agent): live.connection(of: agent)?.send(.runHealthCheck(checkID: check.string))
        case .question: break
        }
    }

    private func cancel(_ id: BackupID) async {
        do {
            if let run = try await stores.runs.run(id) {
                if run.status.isLive, run.isCancelRequested { dispatcher.cancel(run, reason: AgentDesk.cancelReason) }
            } else if let restore = try await stores.runs.restore(id), restore.status.isLive {
                restores.cancel(restore)
            }
        } catch {
            // The next look at everything finds it.
            logger.error("a cancellation can't be looked up", metadata: ["id": "\(id)", "error": "\(error)"])
        }
    }

    // MARK: Everything

    func lookAtEverything() async {
        dispatcher.wakeUp()
        do {
            for word in try await stores.runs.cancelRequests(replica: replica, limit: Self.batch) { await heard(word) }
            var unknown = Set(live.all.map(\.agentID))
            var cursor: String?
            repeat {
                let page = try await stores.agents.agents(PageRequest(limit: Self.batch, cursor: cursor))
                for agent in page.items where unknown.remove(agent.id) != nil { await compare(agent) }
                cursor = page.nextCursor
            } while cursor != nil && !Task.isCancelled
            guard !Task.isCancelled else { return }
            for agent in unknown { live.connection(of: agent)?.lostItsKey() }
        } catch {
            logger.error("the agents can't be looked at", metadata: ["error": "\(error)"])
        }
    }

    private func compare(_ agent: AgentRecord) async {
        guard let connection = live.connection(of: agent.id), let session = connection.session else { return }
        if session.number < agent.session.number {
            connection.replaced()
        } else if session.number == agent.session.number, agent.session.replica != replica {
            // It was taken for gone, and nobody gives it runs: it comes again, as somebody new.
            connection.close(code: 1012, reason: "the session has ended")
        } else if session.configVersion < agent.configVersion {
            await configurations.send(to: agent.id)
        }
    }
}

extension AgentConnection {
    func replaced() { close(code: 4001, reason: "another connection has replaced this one") }
    func lostItsKey() { close(code: 1008, reason: "the key is no longer good") }
}
