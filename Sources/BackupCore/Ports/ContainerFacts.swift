/// A container, without anything that could be a secret.
package struct ContainerFacts: Sendable, Equatable {
    package struct PublishedPort: Sendable, Equatable {
        package var container: Int
        package var host: Int
        /// `tcp` or `udp`
        package var `protocol`: String

        package init(container: Int, host: Int, protocol: String) {
            self.container = container
            self.host = host
            self.protocol = `protocol`
        }
    }

    package struct ExposedPort: Sendable, Hashable {
        package var number: Int
        package var `protocol`: String

        package init(_ number: Int, protocol: String = "tcp") {
            self.number = number
            self.protocol = `protocol`
        }
    }

    /// A directory of the host that the container sees: a volume's, or any.
    package struct Mount: Sendable, Hashable {
        /// On the host.
        package var source: String
        package var destination: String

        package init(source: String, destination: String) {
            self.source = source
            self.destination = destination
        }
    }

    package var id: String
    package var name: String
    /// As it was written when the container was made.
    package var image: String
    /// Those whose names begin with `backupy.`; others may hold anything.
    package var labels: [String: String]
    /// That the image or the container declares, published or not.
    package var exposedPorts: [ExposedPort]
    package var publishedPorts: [PublishedPort]
    package var networks: [String]
    /// In each network where it has one.
    package var addresses: [String: String]
    package var mounts: [Mount]
    /// Names only: the values are never read into this program's types.
    package var environmentNames: [String]

    package init(
        id: String, name: String, image: String, labels: [String: String] = [:], exposedPorts: [ExposedPort] = [],
        publishedPorts: [PublishedPort] = [], networks: [String] = [], addresses: [String: String] = [:],
        mounts: [Mount] = [], environmentNames: [String] = []
    ) {
        self.id = id
        self.name = name
        self.image = image
        self.labels = labels
        self.exposedPorts = exposedPorts
        self.publishedPorts = publishedPorts
        self.networks = networks
        self.addresses = addresses
        self.mounts = mounts
        self.environmentNames = environmentNames
    }
}
