package import BackupControl
internal import Synchronization

/// The agents that have their session on this replica.
package final class LiveAgents: Sendable {
    private let connections = Mutex<[AgentRecord.ID: AgentConnection]>([:])

    package init() {}

    package func connection(of agent: AgentRecord.ID) -> AgentConnection? { connections.withLock { $0[agent] } }
    package var all: [AgentConnection] { connections.withLock { Array($0.values) } }
    package var count: Int { connections.withLock { $0.count } }

    /// The newest session wins; the other connection, which may be this one, is told so.
    /// - Returns: false where a newer one is there already.
    func admit(_ connection: AgentConnection) -> Bool {
        guard let number = connection.session?.number else { return false }
        let (old, isNewest) = connections.withLock { connections -> (AgentConnection?, Bool) in
            let old = connections[connection.agentID]
            if let other = old?.session?.number, other > number { return (nil, false) }
            connections[connection.agentID] = connection
            return (old, true)
        }
        if let old, old !== connection { old.replaced() }
        return isNewest
    }

    func remove(_ connection: AgentConnection) {
        connections.withLock { connections in
            if connections[connection.agentID] === connection { connections[connection.agentID] = nil }
        }
    }
}
