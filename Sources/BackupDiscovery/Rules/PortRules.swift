internal import BackupCore

/// Which ports speak of a database, where the image's name doesn't.
enum PortRules {
    private static let engines: [Int: DatabaseEngine] = Dictionary(
        uniqueKeysWithValues: [.postgresql, .mysql, .mongodb, .redis].map { ($0.usualPort, $0) })

    /// - Returns: nil for none, and for several: that is a proxy, or a machine in a container.
    static func engine(of ports: [ContainerFacts.ExposedPort]) -> DatabaseEngine? {
        let found = Set(ports.filter { $0.protocol == "tcp" }.compactMap { engines[$0.number] })
        return found.count == 1 ? found.first : nil
    }
}
