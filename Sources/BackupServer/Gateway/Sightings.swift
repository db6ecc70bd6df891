internal import BackupControl
internal import BackupWire
internal import FoundationEssentials
internal import Logging
internal import Synchronization

/// Which agents were seen, and which have gone, until it is written down: in one write for many.
///
/// Memory: one entry for each agent.
final class Sightings: Sendable {
    /// How many are in one write.
    private static let batch = 500

    private struct State {
        var seen: [AgentRecord.ID: AgentSighting] = [:]
        var ended: [AgentRecord.ID: Int64] = [:]
    }

    private let agents: any AgentStore
    private let logger: Logger
    private let state = Mutex(State())

    init(agents: any AgentStore, logger: Logger) {
        self.agents = agents
        self.logger = logger
    }

    func saw(_ heartbeat: Heartbeat, of agent: AgentRecord.ID, at time: Date) {
        let sighting = AgentSighting(
            agentID: agent, at: time, appliedVersion: heartbeat.configVersion, metrics: Self.json(heartbeat.metrics))
        state.withLock { $0.seen[agent] = sighting }
    }

    /// The newest counts: what is older is over anyway.
    func ended(_ agent: AgentRecord.ID, session: Int64) {
        state.withLock { $0.ended[agent] = max(session, $0.ended[agent] ?? 0) }
    }

    /// What can't be written is kept for the next time.
    func flushSeen() async {
        let seen = state.withLock { state in
            defer { state.seen = [:] }
            return Array(state.seen.values)
        }
        for start in stride(from: 0, to: seen.count, by: Self.batch) {
            let batch = Array(seen[start..<min(start + Self.batch, seen.count)])
            do {
                try await agents.recordSightings(batch)
            } catch {
                logger.error("who was seen can't be written", metadata: ["error": "\(error)"])
                state.withLock { state in
                    for sighting in batch where state.seen[sighting.agentID] == nil {
                        state.seen[sighting.agentID] = sighting
                    }
                }
            }
        }
    }

    func flushEnded() async {
        let ended = state.withLock { state in
            defer { state.ended = [:] }
            return state.ended
        }
        for (agent, number) in ended {
            do {
                try await agents.endSession(agent, number: number)
            } catch {
                logger.error("the end of a session can't be written", metadata: ["error": "\(error)"])
                self.ended(agent, session: number)
            }
        }
    }

    private static func json(_ metrics: HostMetrics) -> String {
        let cpu = metrics.cpuPercent.isFinite ? max(0, min(metrics.cpuPercent, 100)) : 0
        return "{\"cpu_percent\":\(cpu),\"mem_used_bytes\":\(metrics.memoryUsed),"
            + "\"mem_total_bytes\":\(metrics.memoryTotal),\"disk_used_bytes\":\(metrics.diskUsed),"
            + "\"disk_total_bytes\":\(metrics.diskTotal),\"queue_depth\":\(metrics.queueDepth)}"
    }
}
