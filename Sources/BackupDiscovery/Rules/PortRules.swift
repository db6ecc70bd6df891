internal import BackupCore

/// Which ports speak of a database, where the image's name doesn't.
enum PortRules {
    private static let engines: [Int: DatabaseEngine] = [
        5432: .postgresql, 3306: .mysql, 27017: .mongodb, 6379: .redis,
    ]

    /// - Returns: nil for none, and for several: that is a proxy, or a machine in a container.
    static func engine(of ports: [ContainerFacts.ExposedPort]) -> DatabaseEngine? {
        let found = Set(ports.filter { $0.protocol == "tcp" }.compactMap { engines[$0.number] })
        return found.count == 1 ? found.first : nil
    }

    /// The usual one; 0 for what has none.
    static func port(of engine: DatabaseEngine) -> Int {
        let engine = engine == .mariadb ? .mysql : engine
        return engines.first { $0.value == engine }?.key ?? 0
    }
}
