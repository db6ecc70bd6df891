package import BackupCore

/// A container with a database in it.
package struct DiscoveredContainer: Sendable, Equatable {
    package struct Port: Sendable, Equatable {
        package var container: UInt32
        /// 0 where it is not published.
        package var host: UInt32
        /// `tcp` or `udp`
        package var `protocol`: String

        package init(container: UInt32, host: UInt32, protocol: String) {
            self.container = container
            self.host = host
            self.protocol = `protocol`
        }
    }

    package var id = ""
    package var name = ""
    package var image = ""
    /// As ``DatabaseEngine`` names it.
    package var databaseType = ""
    package var networks: [String] = []
    /// Names only; no value ever leaves the host.
    package var environmentNames: [String] = []
    package var ports: [Port] = []
    /// What told the kind: `label`, `image`, `port`, `handshake` or `file`; empty from old agents.
    package var evidence = ""
    /// How it can be backed up, the best way first; without ids.
    package var suggestedTargets: [Target] = []

    package init() {}
}
