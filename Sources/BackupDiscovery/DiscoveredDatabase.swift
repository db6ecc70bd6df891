package import BackupCore

/// A container with a database in it.
package struct DiscoveredDatabase: Sendable, Equatable {
    /// What told its kind.
    package enum Evidence: String, Sendable {
        case label
        case image
        case port
    }

    package var container: ContainerFacts
    package var engine: DatabaseEngine
    package var evidence: Evidence
    /// That the container's owner named in a label; empty for all of them.
    package var database: String
}
