internal import BackupCore

/// What of an inspected container is read (Docker Engine API, "Inspect a container").
struct DockerContainer: Decodable {
    let facts: ContainerFacts

    private enum Keys: String, CodingKey {
        case id = "Id"
        case name = "Name"
        case configuration = "Config"
        case network = "NetworkSettings"
    }

    private struct Configuration: Decodable {
        let image: String
        let labels: [String: String]?
        let exposedPorts: [String: Ignored]?
        let environment: [VariableName]?

        enum CodingKeys: String, CodingKey {
            case image = "Image"
            case labels = "Labels"
            case exposedPorts = "ExposedPorts"
            case environment = "Env"
        }
    }

    private struct Network: Decodable {
        let ports: [String: [Binding]?]?
        let networks: [String: Ignored]?

        enum CodingKeys: String, CodingKey {
            case ports = "Ports"
            case networks = "Networks"
        }
    }

    private struct Binding: Decodable {
        let port: String
        enum CodingKeys: String, CodingKey { case port = "HostPort" }
    }

    private struct Ignored: Decodable {
        init(from decoder: any Decoder) {}
    }

    /// The name of a variable; the text behind it goes out of scope here.
    private struct VariableName: Decodable {
        let name: String

        init(from decoder: any Decoder) throws {
            name = String(try decoder.singleValueContainer().decode(String.self).prefix { $0 != "=" })
        }
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Keys.self)
        let name = try container.decode(String.self, forKey: .name)
        let configuration = try container.decode(Configuration.self, forKey: .configuration)
        let network = try container.decodeIfPresent(Network.self, forKey: .network)
        let published = (network?.ports ?? [:]).flatMap { port, bindings in
            (bindings ?? []).compactMap { Self.published(port, $0.port) }
        }
        facts = ContainerFacts(
            id: try container.decode(String.self, forKey: .id),
            name: name.hasPrefix("/") ? String(name.dropFirst()) : name,
            image: configuration.image,
            labels: (configuration.labels ?? [:]).filter { $0.key.hasPrefix("backupy.") },
            exposedPorts: (configuration.exposedPorts ?? [:]).keys.compactMap(Self.exposed).sorted {
                $0.number < $1.number
            },
            // Once for IPv4 and once for IPv6.
            publishedPorts: published.reduce(into: []) { all, port in if !all.contains(port) { all.append(port) } }
                .sorted { ($0.container, $0.host) < ($1.container, $1.host) },
            networks: (network?.networks ?? [:]).keys.sorted(),
            environmentNames: Set((configuration.environment ?? []).map(\.name)).sorted())
    }

    /// `5432/tcp`
    private static func exposed(_ text: String) -> ContainerFacts.ExposedPort? {
        let parts = text.split(separator: "/")
        guard let first = parts.first, let number = Int(first), (1...65535).contains(number) else { return nil }
        return ContainerFacts.ExposedPort(number, protocol: parts.count > 1 ? String(parts[1]) : "tcp")
    }

    private static func published(_ port: String, _ host: String) -> ContainerFacts.PublishedPort? {
        guard let port = exposed(port), let host = Int(host), (1...65535).contains(host) else { return nil }
        return ContainerFacts.PublishedPort(container: port.number, host: host, protocol: port.protocol)
    }
}
