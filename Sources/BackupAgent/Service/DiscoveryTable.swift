internal import BackupCore
internal import BackupDiscovery
internal import BackupDrivers

/// One discovery pass as `agent discover` prints it.
package struct DiscoveryTable: Encodable, Sendable {
    struct Row: Encodable, Sendable {
        let container: String
        let id: String
        let image: String
        let engine: String
        let evidence: String
        let ports: [String]
        let networks: [String]
    }

    private let databases: [Row]

    /// - Throws: ``DriverError`` where the engine can't be asked; ``AgentError`` for a policy that can't be read.
    package static func read(environment: [String: String]) async throws -> DiscoveryTable {
        let socket = environment["BACKUPY_DOCKER_SOCKET"] ?? ContainerReference.defaultSocket
        let policy = try environment["BACKUPY_POLICY_FILE"].map { try HostPolicy(file: $0) } ?? HostPolicy()
        let looks = CloserLooks(mayConnect: { policy.allowsLook(at: $0) })
        let found = try await DiscoveryPass(DockerEngineAPI(socket: socket), looks: looks).run()
        return DiscoveryTable(databases: found.map { Row($0) })
    }

    /// For people: a line each under a heading; what to do where there is none.
    package var text: String {
        guard !databases.isEmpty else {
            return
                "no databases in this host's containers; a label backupy.type=postgresql names one that is not recognised"
        }
        let rows =
            [["ENGINE", "CONTAINER", "IMAGE", "PORTS", "KNOWN BY"]]
            + databases.map { [$0.engine, $0.container, $0.image, $0.ports.joined(separator: ","), $0.evidence] }
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }.joined(separator: "  ")
                .reversed().drop { $0 == " " }.reversed().map(String.init).joined()
        }
        .joined(separator: "\n")
    }
}

extension DiscoveryTable.Row {
    init(_ database: DiscoveredDatabase) {
        let facts = database.container
        let published = Dictionary(facts.publishedPorts.map { ($0.container, $0.host) }) { first, _ in first }
        self.init(
            container: facts.name, id: String(facts.id.prefix(12)), image: facts.image,
            engine: database.engine.rawValue, evidence: database.evidence.rawValue,
            ports: facts.exposedPorts.map { port in
                published[port.number].map { "\($0)->\(port.number)" } ?? "\(port.number)"
            },
            networks: facts.networks)
    }
}
