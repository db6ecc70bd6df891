internal import BackupCore

/// A container as the list has it (Docker Engine API, "List containers"). What may hold secrets is not read.
struct DockerListing: Decodable, Sendable {
    let id: String
    private let name: String
    private let image: String
    private let labels: [String: String]
    private let ports: [Port]
    private let networks: [String: Network]
    private let mounts: [Mount]

    private struct Port: Decodable {
        let container: Int
        let host: Int?
        let `protocol`: String

        enum CodingKeys: String, CodingKey {
            case container = "PrivatePort"
            case host = "PublicPort"
            case `protocol` = "Type"
        }
    }

    private struct Settings: Decodable {
        let networks: [String: Network]?
        enum CodingKeys: String, CodingKey { case networks = "Networks" }
    }

    private struct Network: Decodable {
        let address: String?
        enum CodingKeys: String, CodingKey { case address = "IPAddress" }
    }

    private struct Mount: Decodable {
        let kind: String?
        let source: String?
        let destination: String?

        enum CodingKeys: String, CodingKey {
            case kind = "Type"
            case source = "Source"
            case destination = "Destination"
        }
    }

    private enum Keys: String, CodingKey {
        case id = "Id"
        case names = "Names"
        case image = "Image"
        case labels = "Labels"
        case ports = "Ports"
        case network = "NetworkSettings"
        case mounts = "Mounts"
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Keys.self)
        id = try container.decode(String.self, forKey: .id)
        // Links are names too, with a second slash.
        let names = try container.decodeIfPresent([String].self, forKey: .names) ?? []
        let own = names.first { $0.dropFirst().allSatisfy { $0 != "/" } } ?? names.first ?? id
        name = own.hasPrefix("/") ? String(own.dropFirst()) : own
        image = try container.decodeIfPresent(String.self, forKey: .image) ?? ""
        labels = (try container.decodeIfPresent([String: String].self, forKey: .labels) ?? [:]).filter {
            $0.key.hasPrefix("backupy.")
        }
        ports = try container.decodeIfPresent([Port].self, forKey: .ports) ?? []
        networks = try container.decodeIfPresent(Settings.self, forKey: .network)?.networks ?? [:]
        mounts = try container.decodeIfPresent([Mount].self, forKey: .mounts) ?? []
    }

    /// - Parameter details: nil where the engine can't tell them.
    func facts(_ details: DockerContainer?) -> ContainerFacts {
        let valid = 1...65535
        let published = ports.compactMap { port -> ContainerFacts.PublishedPort? in
            guard let host = port.host, valid.contains(host), valid.contains(port.container) else { return nil }
            return ContainerFacts.PublishedPort(container: port.container, host: host, protocol: port.protocol)
        }
        let seen = ports.filter { valid.contains($0.container) }.map {
            ContainerFacts.ExposedPort($0.container, protocol: $0.protocol)
        }
        return ContainerFacts(
            id: id, name: name, image: details?.image ?? image, labels: labels,
            exposedPorts: details?.exposedPorts ?? Set(seen).sorted { $0.number < $1.number },
            // Once for IPv4 and once for IPv6.
            publishedPorts: published.reduce(into: []) { all, port in if !all.contains(port) { all.append(port) } }
                .sorted { ($0.container, $0.host) < ($1.container, $1.host) },
            networks: networks.keys.sorted(),
            addresses: networks.compactMapValues(\.address).filter { !$0.value.isEmpty },
            mounts: mounts.compactMap { mount in
                guard mount.kind == "volume" || mount.kind == "bind", let source = mount.source, source.hasPrefix("/")
                else { return nil }
                return ContainerFacts.Mount(source: source, destination: mount.destination ?? "")
            }
            .sorted { $0.destination < $1.destination },
            environmentNames: details?.environmentNames ?? [])
    }
}
