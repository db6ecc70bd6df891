internal import BackupCore

/// What of an inspected container is read (Docker Engine API, "Inspect a container"). It never changes while the container is there.
struct DockerContainer: Decodable, Sendable {
    /// As it was written when the container was made; the list has a digest once the name has gone to another image.
    let image: String
    let exposedPorts: [ContainerFacts.ExposedPort]
    let environmentNames: [String]

    private enum Keys: String, CodingKey { case configuration = "Config" }

    private struct Configuration: Decodable {
        let image: String
        let exposedPorts: [String: Ignored]?
        let environment: [VariableName]?

        enum CodingKeys: String, CodingKey {
            case image = "Image"
            case exposedPorts = "ExposedPorts"
            case environment = "Env"
        }
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
        let configuration = try container.decode(Configuration.self, forKey: .configuration)
        image = configuration.image
        exposedPorts = (configuration.exposedPorts ?? [:]).keys.compactMap(Self.exposed).sorted {
            $0.number < $1.number
        }
        environmentNames = Set((configuration.environment ?? []).map(\.name)).sorted()
    }

    /// `5432/tcp`
    private static func exposed(_ text: String) -> ContainerFacts.ExposedPort? {
        let parts = text.split(separator: "/")
        guard let first = parts.first, let number = Int(first), (1...65535).contains(number) else { return nil }
        return ContainerFacts.ExposedPort(number, protocol: parts.count > 1 ? String(parts[1]) : "tcp")
    }
}
