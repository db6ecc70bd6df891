package import BackupCore
package import FoundationEssentials

/// A database to back up, or to restore into.
package struct TargetRecord: Sendable, Equatable {
    package typealias ID = Identifier<TargetRecord>

    package let id: ID
    package let agentID: AgentRecord.ID
    package var name: String
    package var engine: DatabaseEngine
    package var host: String
    /// 0 for the engine's usual one.
    package var port: Int
    /// Empty for the whole server.
    package var database: String
    package var username: String
    /// `env:NAME`, `file:PATH` or `container-env:NAME`; empty where the password is ``sealedPassword`` or there is none.
    package var secretReference: String
    /// The password itself, under the master key (``SealedText``).
    package var sealedPassword: [UInt8]?
    package var containerID: String
    package var strategy: Target.Strategy
    package let createdAt: Date

    package init(
        id: ID, agentID: AgentRecord.ID, name: String, engine: DatabaseEngine, host: String = "", port: Int = 0,
        database: String = "", username: String = "", secretReference: String = "", sealedPassword: [UInt8]? = nil,
        containerID: String = "", strategy: Target.Strategy = .tcp, createdAt: Date
    ) {
        self.id = id
        self.agentID = agentID
        self.name = name
        self.engine = engine
        self.host = host
        self.port = port
        self.database = database
        self.username = username
        self.secretReference = secretReference
        self.sealedPassword = sealedPassword
        self.containerID = containerID
        self.strategy = strategy
        self.createdAt = createdAt
    }
}
