internal import BackupCore

/// Where a container's database may listen.
struct ProbeAddress: Sendable, Hashable {
    /// IPv4, dotted.
    let host: String
    let port: Int

    /// More are not tried.
    private static let largestCount = 8
    private static let usual = [5432, 3306, 27017, 6379]
    /// Of the web and of the host: what answers there is no database that we know.
    private static let others: Set = [3000, 5000, 8000, 8080, 8443, 8888, 9000, 9090]

    /// In the container's own networks, and where its ports are published on this host.
    static func all(of container: ContainerFacts) -> [ProbeAddress] {
        let exposed = container.exposedPorts.filter { $0.protocol == "tcp" }.map(\.number)
        let ports = (exposed.isEmpty ? usual : exposed).filter { $0 >= 1024 && !others.contains($0) }
        let inside = container.addresses.values.sorted().flatMap { host in
            ports.map { ProbeAddress(host: host, port: $0) }
        }
        let published = container.publishedPorts.filter { $0.protocol == "tcp" && ports.contains($0.container) }
        let outside = published.map { ProbeAddress(host: "127.0.0.1", port: $0.host) }
        let host = container.networks == ["host"] ? exposed.filter(ports.contains) : []
        let all = inside + outside + host.map { ProbeAddress(host: "127.0.0.1", port: $0) }
        return Array(all.prefix(largestCount))
    }

    /// The port inside of the container that this address leads to.
    func containerPort(of container: ContainerFacts) -> Int {
        guard host == "127.0.0.1" else { return port }
        return container.publishedPorts.first { $0.host == port }?.container ?? port
    }

    /// All that belongs to `containers`.
    static func closed(_ containers: [ContainerFacts]) -> Closed {
        Closed(
            hosts: Set(containers.flatMap(\.addresses.values)),
            ports: Set(
                containers.flatMap(\.publishedPorts).map(\.host)
                    + containers.filter { $0.networks == ["host"] }.flatMap(\.exposedPorts).map(\.number)))
    }

    /// Where nobody may knock.
    struct Closed: Sendable {
        let hosts: Set<String>
        let ports: Set<Int>

        func contains(_ address: ProbeAddress) -> Bool {
            hosts.contains(address.host) || address.host == "127.0.0.1" && ports.contains(address.port)
        }
    }
}
