/// A container with a database in it, as an agent has found it, and as it is stored and shown.
package struct FoundContainer: Codable, Sendable, Equatable {
    package struct Port: Codable, Sendable, Equatable {
        package let container: UInt32
        /// 0 where it is not published.
        package let host: UInt32
        package let `protocol`: String

        package init(container: UInt32, host: UInt32, protocol: String) {
            self.container = container
            self.host = host
            self.protocol = `protocol`
        }
    }

    enum CodingKeys: String, CodingKey {
        case id
        case name
        case image
        case engine
        case networks
        case environment
        case ports
        case evidence
        case suggestions = "suggested_targets"
    }

    package let id: String
    package let name: String
    package var image = ""
    /// As ``DatabaseEngine`` names it, or a newer agent's word for one that this server doesn't know.
    package let engine: String
    package var networks: [String] = []
    /// Names of variables.
    package var environment: [String] = []
    package var ports: [Port] = []
    /// What told the engine; nil as below.
    package var evidence: String?
    /// The best first, each a `NewTarget` that can be posted as it is; nil in what older servers have stored.
    package var suggestions: [SuggestedTarget]?

    package init(id: String, name: String, engine: String) {
        self.id = id
        self.name = name
        self.engine = engine
    }
}
