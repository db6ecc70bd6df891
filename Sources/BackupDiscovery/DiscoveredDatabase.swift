package import BackupCore

/// A container with a database in it.
package struct DiscoveredDatabase: Sendable, Equatable {
    /// What told its kind.
    package enum Evidence: String, Sendable {
        case label
        case image
        case port
        /// It answered as such a database does.
        case handshake
        /// Files in its volumes begin as such a database's do.
        case file
    }

    package var container: ContainerFacts
    package var engine: DatabaseEngine
    package var evidence: Evidence
    /// That the container's owner named in a label; empty for all of them.
    package var database: String
    /// Where it answered; nil for the engine's usual one.
    package var port: Int?
    /// Of SQLite: on the host.
    package var files: [String] = []

    package init(
        container: ContainerFacts, engine: DatabaseEngine, evidence: Evidence, database: String, port: Int? = nil,
        files: [String] = []
    ) {
        self.container = container
        self.engine = engine
        self.evidence = evidence
        self.database = database
        self.port = port
        self.files = files
    }
}
